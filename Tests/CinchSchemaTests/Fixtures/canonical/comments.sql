/* before */ CREATE /* a */ TABLE -- b
  commented ( -- c
  a /* type */ INT /* not */ NOT /* null */ NULL, -- about a
  -- id 0badcafe is only words when something follows
  b -- about b
  TEXT, /* multi
  line -- with dashes */ c ANY DEFAULT /* value */ 5 -- last
) /* options */ STRICT /* wait */ -- end
;
CREATE INDEX commented_index /* x */ ON commented -- y
 ( a /* z */ , b ) WHERE /* w */ a > 0 /* unterminated at the end of the text;

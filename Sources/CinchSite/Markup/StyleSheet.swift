/// The one style sheet of a site, light and dark.
///
/// What is wide is moved in a box of its own; the page itself never is.
enum StyleSheet {
    static let text = """
        :root{color-scheme:light dark;--surface:#fff;--raised:#fff;--sunk:#f5f7fa;--head:#e8eef7;
        --line:#d5dce5;--ink:#1b2430;--soft:#5b6675;--accent:#1f5fbf;--good:#17693f;--bad:#b3261e;
        --warn:#8a5a00;--ins:#e3f5ea;--del:#fdeaea;
        --l0:#1f5fbf;--l1:#b3541e;--l2:#1a7f4b;--l3:#8b3fb0;--l4:#a8871a;--l5:#b3264f}
        @media(prefers-color-scheme:dark){:root{--surface:#12161c;--raised:#1a2029;--sunk:#181d25;
        --head:#263243;--line:#313b49;--ink:#e4e9ef;--soft:#9aa7b6;--accent:#7fb2ff;--good:#5fd39a;
        --bad:#ff8a80;--warn:#e8b85c;--ins:#14301f;--del:#3a1c1c;
        --l0:#7fb2ff;--l1:#ffa26b;--l2:#5fd39a;--l3:#d29bf0;--l4:#e3c65a;--l5:#ff8fab}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--surface);color:var(--ink);
        font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
        code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
        a{color:var(--accent);text-decoration:none;text-underline-offset:3px}
        a:hover{text-decoration:underline}
        :focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        body>header{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 24px;padding:12px 24px;
        border-bottom:1px solid var(--line);background:var(--sunk)}
        body>header .name{font-weight:700;color:var(--ink);overflow-wrap:anywhere}
        body>header nav{display:flex;flex-wrap:wrap;gap:4px 18px}
        body>header nav a[aria-current]{color:var(--ink);font-weight:600;
        box-shadow:0 2px 0 var(--accent)}
        main{max-width:1180px;margin:0 auto;padding:8px 24px 64px}
        h1,h2,p,dd,li,summary,.subject,.change,.message{overflow-wrap:anywhere}
        h1{font-size:24px;line-height:1.3;margin:20px 0 8px}
        h1 code{font-size:22px}
        h2{font-size:17px;margin:32px 0 10px}
        h2 small{color:var(--soft);font-weight:400;margin-left:4px}
        p{margin:6px 0 12px}
        .soft{color:var(--soft)}
        .strong{font-weight:700}
        .nowrap{white-space:nowrap}
        .warning{color:var(--warn)}
        .scroll{overflow-x:auto;border:1px solid var(--line);border-radius:8px;background:var(--raised)}
        .scroll.plain{border:0;border-radius:0;background:none}
        .scroll.short{max-height:340px;overflow-y:auto}
        pre.scroll{margin:0;padding:12px 14px;background:var(--sunk)}
        table{border-collapse:collapse;width:100%}
        th,td{padding:7px 12px;text-align:left;vertical-align:top;border-top:1px solid var(--line)}
        thead th{border-top:0;background:var(--sunk);color:var(--soft);font-weight:600;font-size:13px;
        white-space:nowrap}
        .short thead th{position:sticky;top:0}
        td code{white-space:pre-wrap}
        td:first-child code{white-space:pre}
        td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
        td.subject{min-width:240px;width:99%}
        td.rest{min-width:210px}
        td time{font-size:14px}
        time{white-space:nowrap;font-variant-numeric:tabular-nums}
        .badge{display:inline-block;padding:0 8px;border-radius:10px;border:1px solid var(--line);
        font-size:12px;line-height:18px;max-width:100%;overflow-wrap:anywhere;background:var(--sunk)}
        .badge.head{background:var(--accent);border-color:var(--accent);color:var(--surface)}
        .badge.branch{border-color:var(--accent);color:var(--accent)}
        .badge.tag{border-color:var(--warn);color:var(--warn)}
        .mark{display:inline-block;padding:0 5px;border-radius:4px;font-size:11px;font-weight:700;
        line-height:17px;background:var(--head);color:var(--accent)}
        .log{list-style:none;margin:0;padding:0}
        .log li{position:relative;padding-top:7px;padding-bottom:7px;line-height:1.45}
        .log .soft{font-size:13px}
        svg.lanes{position:absolute;left:0;top:0;height:calc(100% + 1px)}
        .lanes line{stroke-width:2}
        .lanes circle{stroke:var(--surface);stroke-width:2}
        .lanes circle.m{stroke-width:4}
        .lanes line.l0{stroke:var(--l0)}.lanes circle.l0{fill:var(--l0)}
        .lanes line.l1{stroke:var(--l1)}.lanes circle.l1{fill:var(--l1)}
        .lanes line.l2{stroke:var(--l2)}.lanes circle.l2{fill:var(--l2)}
        .lanes line.l3{stroke:var(--l3)}.lanes circle.l3{fill:var(--l3)}
        .lanes line.l4{stroke:var(--l4)}.lanes circle.l4{fill:var(--l4)}
        .lanes line.l5{stroke:var(--l5)}.lanes circle.l5{fill:var(--l5)}
        .pager{display:flex;flex-wrap:wrap;gap:8px;margin-top:20px}
        .pager>*{min-width:34px;padding:4px 10px;text-align:center;border:1px solid var(--line);
        border-radius:6px}
        .pager span{background:var(--head);font-weight:600}
        .facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 18px;margin:12px 0}
        .facts dt{color:var(--soft)}
        .facts dd{margin:0}
        .message{white-space:pre-wrap;margin:14px 0;padding:10px 14px;border-left:3px solid var(--line);
        background:var(--sunk)}
        .change{margin:0 0 10px;border:1px solid var(--line);border-radius:8px;background:var(--raised);
        overflow:hidden}
        div.change,.change summary{padding:7px 12px}
        .change summary{cursor:pointer}
        .change pre.scroll{border:0;border-top:1px solid var(--line);border-radius:0;padding:8px 0}
        .change pre code{display:block;min-width:max-content}
        .change ins,.change del{display:block;padding:0 14px;text-decoration:none;white-space:pre}
        .change ins{background:var(--ins)}
        .change del{background:var(--del)}
        .verb{display:inline-block;min-width:52px;padding:0 6px;border-radius:4px;font-size:12px;
        font-weight:700;line-height:19px;text-align:center;background:var(--head);color:var(--accent)}
        .verb.create,.verb.add{background:var(--ins);color:var(--good)}
        .verb.drop{background:var(--del);color:var(--bad)}
        .tiles{display:flex;flex-wrap:wrap;gap:10px;list-style:none;margin:16px 0;padding:0}
        .tiles li{flex:1 1 120px;padding:10px 14px;border:1px solid var(--line);border-radius:8px;
        background:var(--raised);color:var(--soft)}
        .tiles b{display:block;font-size:24px;line-height:1.2;color:var(--ink)}
        .tiles .current b,.status.current{color:var(--good)}
        .tiles .behind b,.tiles .drifted b,.status.behind,.status.drifted{color:var(--warn)}
        .tiles .failed b,.tiles .unreadable b,.status.failed,.status.unreadable{color:var(--bad)}
        .tiles .none b{color:var(--soft)}
        .status{font-weight:600}
        #fit{margin:0 6px 12px 0}
        .canvas{max-height:85vh;overflow:auto;background:var(--surface)}
        .canvas svg{display:block}
        #fit:checked~.canvas svg{max-width:100%;height:auto}
        .narrow{display:none}
        .jump{margin-bottom:12px}
        .jump summary{cursor:pointer;color:var(--accent)}
        .jump p{display:flex;flex-wrap:wrap;gap:2px 16px;margin:8px 0}
        \(SVGDiagram.style)@media(max-width:600px){
        body>header{padding:10px 14px}
        main{padding:4px 14px 48px}
        h1{font-size:20px}
        .wide{display:none}
        .narrow{display:inline}
        #fit:checked~.canvas svg{max-width:none}
        #fit:not(:checked)~.canvas svg{max-width:100%;height:auto}
        .facts{grid-template-columns:minmax(0,1fr);gap:0}
        .facts dd{margin-bottom:8px}
        th,td{padding:6px 9px}}

        """
}

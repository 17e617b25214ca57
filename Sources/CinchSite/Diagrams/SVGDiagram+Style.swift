extension SVGDiagram {
    /// The colours of a picture that stands alone.
    static let variables = """
        .er{--surface:#fff;--raised:#fff;--head:#e8eef7;--line:#b9c3d0;--ink:#1b2430;--soft:#5b6675;\
        --accent:#1f5fbf}
        @media(prefers-color-scheme:dark){.er{--surface:#12161c;--raised:#1a2029;--head:#263243;\
        --line:#44505f;--ink:#e4e9ef;--soft:#9aa7b6;--accent:#7fb2ff}}

        """

    /// How the parts of a picture look, in colours that stand in variables.
    static let style = """
        .er text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",\
        "Liberation Mono",monospace;fill:var(--ink)}
        .er .bg{fill:var(--surface)}
        .er .b{fill:var(--raised);stroke:var(--line)}
        .er .h{fill:var(--head);stroke:var(--line)}
        .er .t{font-size:13px;font-weight:700}
        .er a .t{fill:var(--accent)}
        .er .k{font-size:9px;font-weight:700;fill:var(--accent)}
        .er .y{fill:var(--soft);text-anchor:end}
        .er .e{fill:none;stroke:var(--soft);stroke-width:1.3}
        .er .m{fill:none;stroke:var(--soft);stroke-width:1.3}
        .er .e.o{stroke-dasharray:5 3}
        .er g:target .b{stroke:var(--accent);stroke-width:3}
        .er .e:hover{stroke:var(--accent);stroke-width:3}

        """
}

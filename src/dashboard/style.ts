/** How the pages look: one column of calm parts, in the colours that the reader's system asks for. */
export const style = `
:root{color-scheme:light dark;--bg:#f7f7f5;--paper:#fff;--ink:#1b1d21;--quiet:#5b626b;--line:#e3e3de;--soft:#f1f1ee;--link:#1c57b0;--good:#17693a;--warn:#845200;--bad:#ad1f1f;--busy:#1c57b0;--goodbg:#e6f4ea;--warnbg:#fdf1d8;--badbg:#fbe6e4;--busybg:#e5eefb}
@media (prefers-color-scheme:dark){:root{--bg:#121316;--paper:#1a1c20;--ink:#e9e9e6;--quiet:#a2a8b1;--line:#2d3036;--soft:#22252a;--link:#8fb8ff;--good:#7fd6a0;--warn:#f2bd62;--bad:#ff9a91;--busy:#8fb8ff;--goodbg:#17301f;--warnbg:#35280f;--badbg:#3a1c1a;--busybg:#1a2a45}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:3px}
a:focus-visible,button:focus-visible,summary:focus-visible,input:focus-visible,select:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:4px}
main:focus{outline:none}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--paper);padding:8px 12px;z-index:2}
header,main{max-width:70rem;margin:0 auto;padding:0 20px}
header{display:flex;flex-wrap:wrap;align-items:center;gap:4px 28px;padding-top:18px;padding-bottom:14px}
header p{margin:0}
.brand{display:flex;align-items:center;gap:10px}.brand a{display:inline-flex;align-items:center;gap:9px;color:inherit;text-decoration:none}.mark{color:var(--link)}
nav ul{display:flex;flex-wrap:wrap;gap:2px;list-style:none;margin:0 -10px;padding:0}
nav a{display:block;padding:6px 10px;border-radius:7px;color:var(--quiet);text-decoration:none}
nav a:hover{background:var(--soft);color:var(--ink)}nav a[aria-current]{color:var(--ink);background:var(--soft);font-weight:600}
.who{margin-left:auto!important;display:flex;gap:12px;align-items:center}
#live:not(:empty){display:inline-flex;align-items:center;gap:7px;color:var(--quiet)}#live:not(:empty)::before{content:"";width:8px;height:8px;border-radius:50%;background:var(--good)}#live.off::before{background:var(--warn)}
main{padding-bottom:72px}
.part:empty{display:none}.part{margin-top:26px}.part:first-child{margin-top:14px}
h1{font-size:1.72rem;line-height:1.25;letter-spacing:-.015em;font-weight:650;margin:0 0 4px;text-wrap:balance}
h2{font-size:1.05rem;font-weight:650;margin:0 0 10px}h3{font-size:.95rem;font-weight:650;margin:18px 0 6px}
.lead{margin:0;color:var(--quiet);max-width:46rem}
.quiet{color:var(--quiet)}.small{font-size:.87rem}.num{text-align:right;white-space:nowrap}
code,pre,.mono{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.86em}
pre{margin:0;padding:12px 14px;background:var(--soft);border-radius:8px;overflow:auto;white-space:pre-wrap;line-height:1.5}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:16px}
.card{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:18px 20px}
.card>:first-child{margin-top:0}.card>:last-child{margin-bottom:0}.card>div>:first-child{margin-top:0}.card p{margin:6px 0}
.card+.card{margin-top:16px}.grid .card+.card{margin-top:0}
.top{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:6px 12px}.top h2,.top h3{margin:0}
.status{display:inline-flex;align-items:center;gap:7px;padding:2px 10px 2px 9px;border-radius:99px;font-size:.84rem;font-weight:600;white-space:nowrap;color:var(--quiet);background:var(--soft)}
.status::before{content:"";width:7px;height:7px;border-radius:50%;background:currentColor}
.status.good{color:var(--good);background:var(--goodbg)}.status.warn{color:var(--warn);background:var(--warnbg)}.status.bad{color:var(--bad);background:var(--badbg)}.status.busy{color:var(--busy);background:var(--busybg)}
.facts{display:flex;flex-wrap:wrap;gap:10px 28px;margin:14px 0;padding:0}.facts>div{min-width:5rem}.facts dt{color:var(--quiet);font-size:.84rem}.facts dd{margin:0;font-size:1.2rem;font-weight:600;letter-spacing:-.01em}.facts dd.plain{font-size:1rem;font-weight:400;letter-spacing:0}
.card>dl:not(.facts){margin:0}dl:not(.facts) dd{margin:0 0 12px;color:var(--quiet);max-width:52rem}.list{list-style:none;margin:8px 0 0;padding:0}.list li{padding:7px 0;border-top:1px solid var(--line)}.list li:first-child{border-top:0}
.scroll{overflow-x:auto;margin:0 -20px;padding:0 20px}
table{border-collapse:collapse;width:100%}th{text-align:left;font-weight:500;font-size:.84rem;color:var(--quiet);padding:0 14px 6px 0;white-space:nowrap;vertical-align:bottom}td{padding:8px 14px 8px 0;border-top:1px solid var(--line);vertical-align:top}th:last-child,td:last-child{padding-right:0}th.num{text-align:right}
.note{border-left:3px solid var(--line);padding:2px 0 2px 14px;margin:12px 0}.note.warn{border-color:var(--warn)}.note.bad{border-color:var(--bad)}.note.busy{border-color:var(--busy)}.note.good{border-color:var(--good)}.note p{margin:2px 0}
.time{list-style:none;margin:0;padding:0}.time>li{position:relative;padding:0 0 18px 24px}.time>li::before{content:"";position:absolute;left:3px;top:8px;width:9px;height:9px;border-radius:50%;background:var(--good)}.time>li.bad::before{background:var(--bad)}.time>li.told::before{background:var(--busy)}.time>li::after{content:"";position:absolute;left:7px;top:22px;bottom:-4px;width:1px;background:var(--line)}.time>li:last-child{padding-bottom:0}.time>li:last-child::after{display:none}.time p{margin:0}
.bar{display:block;width:100%;height:8px;margin:8px 0}.bar .track{fill:var(--soft)}.bar .done{fill:var(--busy)}.bar.good .done{fill:var(--good)}.bar.warn .done{fill:var(--warn)}.bar.bad .done{fill:var(--bad)}
.plot{display:block;width:100%;height:150px;margin:6px 0}.plot *{vector-effect:non-scaling-stroke}.plot .rate{fill:none;stroke:var(--busy);stroke-width:2;stroke-linejoin:round}.plot .under{fill:var(--busybg)}.plot .axis{stroke:var(--line)}.plot .size{fill:none;stroke:var(--warn);stroke-width:1.5;stroke-dasharray:4 3}
.tree,.tree ul{list-style:none;margin:0;padding:0}.tree ul{margin-left:9px;padding-left:20px;border-left:1px solid var(--line)}.tree li{padding:10px 0 4px}
.do{display:flex;flex-wrap:wrap;gap:8px;margin-top:14px}
.button,button{font:inherit;font-weight:550;padding:7px 14px;border-radius:8px;border:1px solid var(--line);background:var(--paper);color:var(--ink);cursor:pointer;text-decoration:none;display:inline-block}
.button:hover,button:hover{background:var(--soft)}button.main{background:var(--link);border-color:var(--link);color:var(--paper)}button.main:hover{filter:brightness(1.08)}button.danger,.button.danger{color:var(--bad)}button.main.danger{background:var(--bad);border-color:var(--bad);color:var(--paper)}
form.row{display:flex;flex-wrap:wrap;gap:8px;align-items:end}label{display:block;font-size:.87rem;color:var(--quiet)}input,select{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:7px 10px;max-width:100%}
.fields{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,12rem),1fr));gap:12px;margin:14px 0}.fields input{width:100%}
details>summary{cursor:pointer;color:var(--link);padding:4px 0;width:fit-content}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.crumbs{margin:0 0 6px;font-size:.87rem;color:var(--quiet)}.crumbs a{color:inherit}
@media (max-width:560px){header,main{padding-left:14px;padding-right:14px}.card{padding:15px 14px}.scroll{margin:0 -14px;padding:0 14px}h1{font-size:1.4rem}.who{margin-left:0!important}nav{width:100%;order:3}nav a{padding:6px 8px}nav ul{margin:0 -8px;font-size:.93rem}}
@media (prefers-reduced-motion:no-preference){.bar .done{transition:width .4s}}
@media (forced-colors:active){.status,.card{border:1px solid}.status::before,.time>li::before{forced-color-adjust:none}}
`;

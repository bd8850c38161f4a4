/** The look of the page, in both colour schemes. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #f6f4ee; --card: #fffefb; --ink: #211f1b; --soft: #6a665d; --line: #e5e1d6;
  --them: #efece4; --me: #d9f2dc; --base: #8b877d; --baseQ4: #bab5a8; --f16: #17884a; --q4: #58b98a; --real: #c8432b;
  --warn: #8a5a00; --warn-back: #fdf1d6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #151412; --card: #1e1d1a; --ink: #edeae3; --soft: #a29d92; --line: #35322c;
    --them: #2b2925; --me: #1d4330; --base: #a39e93; --baseQ4: #6d695f; --f16: #3ecb7e; --q4: #258f62; --real: #ff7d60;
    --warn: #f2c879; --warn-back: #3a2e14;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.6 ui-sans-serif, system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans", sans-serif;
  overflow-wrap: anywhere;
}
main { max-width: 880px; margin: 0 auto; padding: 40px 20px 64px; }
.seal {
  display: inline-block; padding: 5px 8px 6px; border-radius: 7px; background: var(--real); color: var(--card);
  font: 700 17px/1 "Noto Serif CJK SC", "Songti SC", SimSun, serif; letter-spacing: 3px; text-indent: 3px;
}
h1 { font-size: clamp(30px, 6vw, 46px); line-height: 1.15; letter-spacing: -0.02em; margin: 18px 0 14px; text-wrap: balance; }
.lead { font-size: clamp(18px, 2.6vw, 22px); line-height: 1.45; margin: 0 0 10px; max-width: 40em; text-wrap: pretty; }
.soft { color: var(--soft); margin: 0; max-width: 46em; }
.warning { background: var(--warn-back); color: var(--warn); border-radius: 10px; padding: 10px 14px; margin: 18px 0 0; }
section, details { margin-top: 44px; }
h2 { font-size: 22px; line-height: 1.3; letter-spacing: -0.01em; margin: 0 0 6px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 16px; padding: 20px; margin-top: 16px; }
.reading { margin: 0 0 4px; }
.reading:first-child { font-weight: 600; }
.reading + .chart { margin-top: 16px; }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin-top: 28px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 16px; padding: 16px 16px 14px; }
.tile b { display: block; font-size: 30px; line-height: 1.15; letter-spacing: -0.02em; font-weight: 700; font-variant-numeric: tabular-nums; }
.tile span { display: block; font-size: 13px; line-height: 1.4; color: var(--soft); margin-top: 4px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; margin: 0 0 8px; padding: 0; font-size: 14px; color: var(--soft); }
.dot { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-inline-end: 6px; }
.dot.base { background: var(--base); } .dot.baseQ4 { background: var(--baseQ4); } .dot.f16 { background: var(--f16); } .dot.q4 { background: var(--q4); }
.dot.real { background: none; box-shadow: inset 0 0 0 2.5px var(--real); }
figure { margin: 0; }
.chart svg { display: block; max-width: 100%; height: auto; margin: 0 auto; --plot-background: var(--card); }
.narrow { display: none; }
.sentences { columns: 2; column-gap: 28px; list-style: none; margin: 14px 0 0; padding: 14px 0 0; border-top: 1px solid var(--line); font-size: 14.5px; }
.sentences li { break-inside: avoid; margin-bottom: 6px; }
.sample { background: var(--card); border: 1px solid var(--line); border-radius: 16px; margin-top: 16px; overflow: hidden; }
.sample header { padding: 10px 18px; border-bottom: 1px solid var(--line); font-weight: 650; font-size: 15px; }
.context { padding: 16px 18px 6px; display: flex; flex-direction: column; gap: 6px; }
.bubble { margin: 0; padding: 7px 12px; border-radius: 14px; line-height: 1.45; font-size: 15px; width: fit-content; max-width: min(100%, 34em); unicode-bidi: isolate; }
.bubble.them { background: var(--them); border-start-start-radius: 4px; align-self: flex-start; }
.bubble.me { background: var(--me); border-start-end-radius: 4px; align-self: flex-end; }
.replies { display: grid; grid-template-columns: 1.45fr 1fr 1fr 1fr; gap: 0; padding: 8px 6px 16px; }
.reply { padding: 8px 12px 2px; display: flex; flex-direction: column; align-items: flex-start; gap: 6px; min-width: 0; }
.reply + .reply { border-inline-start: 1px solid var(--line); }
.reply .bubble.me { align-self: flex-start; border-start-end-radius: 14px; border-start-start-radius: 4px; }
.reply h4 { margin: 0 0 2px; font-size: 12.5px; font-weight: 600; color: var(--soft); }
.reply.base .bubble { background: var(--them); }
.reply.real .bubble { background: none; box-shadow: inset 0 0 0 1.5px var(--real); }
.reply.real h4 { color: var(--real); }
.nothing { font-style: italic; color: var(--soft); }
.mark { color: var(--warn); background: var(--warn-back); border-radius: 6px; padding: 1px 7px; font-size: 12px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; margin-top: 14px; }
th, td { text-align: end; padding: 6px 8px; border-bottom: 1px solid var(--line); font-weight: 400; white-space: nowrap; }
thead th { color: var(--soft); font-size: 13px; }
tbody th { text-align: start; white-space: normal; min-width: 9em; }
td.zero { color: var(--soft); opacity: 0.6; }
.files td, .files th { text-align: start; }
code { font: 12px/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
details { border-top: 1px solid var(--line); padding-top: 18px; }
summary { cursor: pointer; font-weight: 650; font-size: 17px; }
details p, details ul { font-size: 14.5px; }
details ul { padding-inline-start: 1.2em; }
footer { margin-top: 40px; color: var(--soft); font-size: 13.5px; }
@media (max-width: 700px) {
  main { padding: 26px 14px 48px; }
  .card { padding: 16px 14px; }
  .wide { display: none; } .narrow { display: block; }
  .tiles { grid-template-columns: 1fr 1fr; }
  .tile b { font-size: 25px; }
  .sentences { columns: 1; }
  .replies { grid-template-columns: 1fr; padding: 4px 4px 12px; }
  .reply + .reply { border-inline-start: 0; border-top: 1px solid var(--line); margin-top: 8px; padding-top: 10px; }
  .context { padding: 14px 14px 4px; }
}
@media print { body { background: none; } .card, .sample, .tile { break-inside: avoid; } }
`;

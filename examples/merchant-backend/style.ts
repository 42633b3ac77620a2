/** The one style sheet of the shop: light and dark, from a phone's width up, with the fonts of the system. */
export const styleSheet = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f4; --surface: #ffffff; --sunken: #eef1ee; --text: #17201d; --quiet: #55605c;
  --line: #dbe0dd; --edge: #7f8a86; --accent: #0e5a4a; --on-accent: #ffffff; --accent-hover: #0a4538;
  --good: #0d5c3b; --good-ground: #e2f3e9; --wait: #6b4a00; --wait-ground: #fbf0d3;
  --bad: #8f1d1d; --bad-ground: #fce8e6; --shadow: 0 1px 2px #17201d14, 0 6px 20px #17201d0d;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #101513; --surface: #18201d; --sunken: #202a26; --text: #e9efec; --quiet: #a4b1ac;
    --line: #2d3934; --edge: #74837d; --accent: #6fd3b5; --on-accent: #06231b; --accent-hover: #93e2ca;
    --good: #8be0b1; --good-ground: #14352a; --wait: #f2cf7a; --wait-ground: #3a2f12;
    --bad: #ffb4ab; --bad-ground: #43201d; --shadow: none;
  }
}
*, ::before, ::after { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: flex; flex-direction: column;
  background: var(--ground); color: var(--text); font: 1rem/1.55 system-ui, sans-serif;
}
header, main, footer { width: 100%; max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.5rem; padding-block: 1.1rem; }
header nav { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1.25rem; }
@media (min-width: 40rem) { header nav { margin-left: auto; } }
main { flex: 1; padding-block: 1rem 3rem; }
footer { padding-block: 1.25rem; color: var(--quiet); font-size: .875rem; }
h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -.01em; margin: 0 0 1.25rem; }
h2 { font-size: 1.125rem; line-height: 1.3; margin: 0 0 .75rem; }
p { margin: 0 0 1rem; }
a { color: var(--accent); text-underline-offset: .2em; }
a:hover { color: var(--accent-hover); }
.brand { color: var(--text); font-weight: 650; text-decoration: none; letter-spacing: -.01em; }
nav a { text-decoration: none; padding: .25rem 0; }
nav a:hover, nav a[aria-current] { text-decoration: underline; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .25rem; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--surface); padding: .5rem 1rem; }

.narrow { max-width: 34rem; margin-inline: auto; }
.card {
  background: var(--surface); border: 1px solid var(--line); border-radius: .875rem; box-shadow: var(--shadow);
  padding: 1.5rem; margin-bottom: 1.25rem;
}
.card > :last-child, .card form > :last-child { margin-bottom: 0; }
.checkout { display: grid; gap: 1.25rem; align-items: start; }
@media (min-width: 48rem) { .checkout { grid-template-columns: 5fr 6fr; gap: 2rem; } }
.checkout .card { margin-bottom: 0; }
.product { padding: 0; overflow: hidden; }
.product svg { display: block; width: 100%; height: 12rem; padding: 2rem; background: var(--sunken); color: var(--accent); }
@media (min-width: 48rem) { .product svg { height: 16rem; } }
.product div { padding: 1.25rem 1.5rem 1.5rem; }
.price { font-size: 1.375rem; font-weight: 650; font-variant-numeric: tabular-nums; margin: .75rem 0 0; }
.quiet, .hint { color: var(--quiet); }
.hint { font-size: .875rem; margin: .35rem 0 0; }
.hint[role=alert] { color: var(--bad); }

label { display: block; font-weight: 550; }
.field { margin-bottom: 1rem; }
.field label { font-weight: 500; font-size: .9375rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
input:not([type=radio], [type=checkbox]) {
  display: block; width: 100%; margin-top: .35rem; padding: .6rem .75rem; min-height: 2.75rem;
  font: inherit; font-variant-numeric: tabular-nums; color: inherit; background: var(--surface);
  border: 1px solid var(--edge); border-radius: .5rem;
}
input[aria-invalid=true] { border-color: var(--bad); border-width: 2px; }
input[type=radio], input[type=checkbox] { accent-color: var(--accent); width: 1.15rem; height: 1.15rem; flex: none; margin: 0; }
fieldset { border: 0; margin: 0 0 1rem; padding: 0; }
legend { color: var(--quiet); padding: 0; }
.choice { display: flex; align-items: center; gap: .75rem; min-height: 2.75rem; padding: .5rem .85rem; font-weight: 400; cursor: pointer; }
fieldset .choice { border: 1px solid var(--line); border-radius: .5rem; margin-top: .5rem; }
fieldset .choice:hover { border-color: var(--edge); }
fieldset .choice:has(:checked) { border-color: var(--accent); background: var(--sunken); }
.tick { padding-inline: 0; margin-bottom: 1rem; }
button {
  font: inherit; font-weight: 600; cursor: pointer; min-height: 2.75rem; padding: .6rem 1.25rem;
  color: var(--on-accent); background: var(--accent); border: 1px solid var(--accent); border-radius: .5rem;
}
button:hover { background: var(--accent-hover); border-color: var(--accent-hover); }
button.wide { width: 100%; }
button.plain { color: var(--accent); background: none; border-color: transparent; padding-inline: 0; min-height: 2rem; font-weight: 400; }
button.plain:hover { text-decoration: underline; }

.badge {
  display: inline-block; margin: 0 0 .75rem; padding: .15rem .7rem; border-radius: 1rem; font-size: .875rem;
  color: var(--quiet); background: var(--sunken);
}
.heading { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem; margin-bottom: .75rem; }
.heading > * { margin: 0; }
.badge strong { font-weight: 600; }
.good { color: var(--good); background: var(--good-ground); }
.wait { color: var(--wait); background: var(--wait-ground); }
.bad { color: var(--bad); background: var(--bad-ground); }
.notice { padding: .85rem 1.1rem; border-radius: .5rem; margin-bottom: 1.25rem; }
.notice strong { display: block; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .4rem 1.5rem; margin: 0 0 1.25rem; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.rows { list-style: none; margin: 0 0 1.25rem; padding: 0; background: var(--surface); border: 1px solid var(--line); border-radius: .875rem; box-shadow: var(--shadow); }
.rows > li { display: grid; gap: .35rem 1.25rem; align-items: baseline; padding: .85rem 1.25rem; border-top: 1px solid var(--line); }
.rows > li:first-child { border-top: 0; }
.rows .badge { margin: 0; justify-self: start; }
.orders > li { grid-template: 'name amount' 'badge time' / 1fr auto; }
.orders a { grid-area: name; justify-self: start; }
.orders .badge { grid-area: badge; }
.orders .amount { grid-area: amount; font-variant-numeric: tabular-nums; text-align: right; }
.orders time { grid-area: time; text-align: right; font-size: .875rem; white-space: nowrap; }
@media (min-width: 48rem) { .orders > li { grid-template: 'name badge amount time' / 8rem 1fr 9rem 11rem; } }
.rows dl, .rows p { margin-bottom: 0; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
`;

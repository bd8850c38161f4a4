import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { html, trusted } from "./html.js";

test("text is escaped, markup is not, lists are joined", () => {
  const list = ["a<b", "\"&'"].map((text) => html`<li title="${text}">${text}</li>`);
  assert.equal(
    html`<ul>
      ${list}${null}${7}${trusted("<hr>")}
    </ul>`.html.replaceAll(/\n */g, ""),
    '<ul><li title="a&lt;b">a&lt;b</li><li title="&quot;&amp;&#39;">&quot;&amp;&#39;</li>7<hr></ul>',
  );
});

test("no text opens a tag, ends an attribute or hides a control character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      // oxlint-disable-next-line no-control-regex
      assert.doesNotMatch(html`${text}`.html, /[<>"'\u0000-\u0008\u001b\u007f-\u009f]/);
    }),
  );
});

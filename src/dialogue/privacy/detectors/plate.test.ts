import assert from "node:assert/strict";
import { test } from "node:test";
import { foundBy, standInsFor } from "../../../../test/private-data.js";
import { plate } from "./plate.js";

test("finds plates, those of new-energy cars too", () => {
  for (const [text, found] of [
    ["车牌浙A8F06Q", "浙A8F06Q"],
    ["浙A·12345停外面了", "浙A·12345"],
    ["粤BD12345", "粤BD12345"],
    ["沪A12345D", "沪A12345D"],
    ["京a12b34", "京a12b34"],
    ["粤Z1234港", "粤Z1234港"],
    ["red one, KX19 RMY", "KX19 RMY"],
    ["my plate is kx19 rmy", "kx19 rmy"],
  ] as const)
    assert.deepEqual(foundBy(plate, text), [found], text);
});

test("leaves what only looks a little like one", () => {
  for (const text of ["京东ABCDEF", "浙ABCDEF", "在川A上大学", "ab12 the", "MP3 WAV", "AB12CD345"])
    assert.deepEqual(foundBy(plate, text), [], text);
});

test("stand-ins keep the form; no office gives them out", () => {
  for (const standIn of standInsFor(plate, "浙A·8F06Q"))
    assert.match(standIn, /^[琼宁青藏][V-Z]·[A-HJ-NP-Z0-9]{5}$/);
  for (const standIn of standInsFor(plate, "粤BD12345")) assert.match(standIn, /^[琼宁青藏][V-Z]D\d{5}$/);
  for (const standIn of standInsFor(plate, "KX19 RMY")) assert.match(standIn, /^QZ\d\d [A-Z]{3}$/);
});

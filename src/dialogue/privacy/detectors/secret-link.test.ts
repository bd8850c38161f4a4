import assert from "node:assert/strict";
import { test } from "node:test";
import { foundBy, standInsFor } from "../../../../test/private-data.js";
import { secretLink } from "./secret-link.js";

test("finds the secret in a link and leaves the rest", () => {
  for (const [text, found] of [
    ["https://example.com/a?x=1&token=abc123XYZ&y=2", ["abc123XYZ"]],
    ["https://example.com/cb#access_token=s3cr3t", ["s3cr3t"]],
    ["https://us02web.zoom.us/j/81234567890?pwd=QWxhZGRpbg", ["81234567890", "QWxhZGRpbg"]],
    ["链接https://pan.baidu.com/s/1AbCdEfG?pwd=x7k2 复制", ["1AbCdEfG", "x7k2"]],
    ["ftp://nora:hunter2@files.example.com/", ["nora:hunter2"]],
    ["会议号：812-345-678", ["812-345-678"]],
    [`key sk-${"a1B2".repeat(8)}`, [`sk-${"a1B2".repeat(8)}`]],
  ] as const)
    assert.deepEqual(foundBy(secretLink, text), [...found], text);
});

test("leaves links without secrets", () => {
  for (const text of [
    "https://example.com/watch?v=dQw4w9WgXcQ",
    "https://example.com/s/123?page=2&keyword=shoes",
    "www.example.com",
    "看这个 https://news.example.com/2024/05/12/a.html",
  ])
    assert.deepEqual(foundBy(secretLink, text), [], text);
});

test("stand-ins have the same sorts of signs in the same places", () => {
  for (const standIn of standInsFor(secretLink, "aB3-x")) assert.match(standIn, /^[a-z][A-Z]\d-[a-z]$/);
});

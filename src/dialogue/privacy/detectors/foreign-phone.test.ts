import assert from "node:assert/strict";
import { test } from "node:test";
import { getExampleNumber, isValidPhoneNumber } from "libphonenumber-js/max";
import examples from "libphonenumber-js/examples.mobile.json";
import { foundBy, standInsFor } from "../../../../test/private-data.js";
import { foreignPhone } from "./foreign-phone.js";

test("finds every country's example in international form, as libphonenumber writes it", () => {
  let count = 0;
  for (const country of Object.keys(examples) as (keyof typeof examples)[]) {
    const number = getExampleNumber(country, examples)!;
    // Three short ones stand for islands of a few hundred people.
    if (number.number.length < 9) continue;
    count += 1;
    for (const form of [number.formatInternational(), number.number]) {
      assert.deepEqual(foundBy(foreignPhone, `我在国外的号${form}，常联系`), [form], country);
    }
  }
  assert.ok(count > 200, String(count));
});

test("finds American and British numbers as they are written there", () => {
  for (const [text, found] of [
    ["call me on 07700 900142", "07700 900142"],
    ["07700900142", "07700900142"],
    ["shop is 020 7946 0018", "020 7946 0018"],
    ["ring 01632 960001 x", "01632 960001"],
    ["(415) 555-0132", "(415) 555-0132"],
    ["1-415-555-0132", "415-555-0132"],
    ["415.555.0132?", "415.555.0132"],
    ["ring 867-5309", "867-5309"],
    ["555-0142", "555-0142"],
  ] as const)
    assert.deepEqual(foundBy(foreignPhone, text), [found], text);
  assert.deepEqual(foundBy(foreignPhone, "867-5309", "phone"), ["867-5309"], "an answer");
});

test("leaves scores, ranges, free numbers, sums and orders", () => {
  for (const text of [
    "300-4000 people",
    "1-800-555-0199",
    "2+12345678",
    "100-200-3000",
    "order 555-0142",
    "2024-05-12 10:30",
    "192.168.1.100",
    "v1.415.555.0132.9",
  ])
    assert.deepEqual(foundBy(foreignPhone, text), [], text);
});

test("stand-ins keep country and form, and are kept free or cannot be dialled", () => {
  for (const country of Object.keys(examples) as (keyof typeof examples)[]) {
    const form = getExampleNumber(country, examples)!.formatInternational();
    for (const standIn of standInsFor(foreignPhone, form, 5)) {
      assert.equal(standIn.split(" ")[0], form.split(" ")[0]);
      if (standIn.startsWith("+1")) assert.match(standIn, /555[- ]?01\d\d$/);
      // Of these two countries the metadata lets everything of the right length pass.
      else if (country !== "TJ" && country !== "UY") assert.ok(!isValidPhoneNumber(standIn), standIn);
    }
  }
  for (const standIn of standInsFor(foreignPhone, "(415) 555-2671"))
    assert.match(standIn, /^\([2-9]\d\d\) 555-01\d\d$/);
  for (const standIn of standInsFor(foreignPhone, "07400 123456")) assert.match(standIn, /^07700 900\d{3}$/);
});

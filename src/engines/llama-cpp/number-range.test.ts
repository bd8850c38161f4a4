import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type NumberRange, numberRange } from "./number-range.js";

/** The same language for JavaScript: literals lose their quotes, and white space means nothing. */
function toRegExp(gbnf: string): RegExp {
  return new RegExp(
    `^${gbnf.replaceAll(/"([^"]*)"/g, (_, text: string) => text.replace(".", "\\.")).replaceAll(" ", "")}$`,
  );
}

function allows(
  { minimum, maximum, exclusiveMinimum, exclusiveMaximum }: NumberRange,
  value: number,
): boolean {
  return (
    value >= (minimum ?? -Infinity) &&
    value <= (maximum ?? Infinity) &&
    value > (exclusiveMinimum ?? -Infinity) &&
    value < (exclusiveMaximum ?? Infinity)
  );
}

const limit = fc.option(fc.oneof(fc.integer({ min: -120, max: 120 }), fc.integer({ min: -1e6, max: 1e6 })), {
  nil: undefined,
});
const range = fc.record({ minimum: limit, maximum: limit, exclusiveMinimum: limit, exclusiveMaximum: limit });

describe("numberRange", () => {
  it("holds the whole numbers between its limits, and no others", () => {
    fc.assert(
      fc.property(
        range,
        fc.array(fc.integer({ min: -1e6, max: 1e6 }), { maxLength: 20 }),
        (limits, others) => {
          const gbnf = numberRange(limits, true);
          const pattern = gbnf === undefined ? undefined : toRegExp(gbnf);
          const near = Object.values(limits).flatMap((value) =>
            value === undefined ? [] : [value - 1, value, value + 1],
          );
          for (const value of [...near, ...others, 0, 9, 10, 99, 100]) {
            assert.equal(pattern?.test(String(value)) ?? false, allows(limits, value), `${value} ${gbnf}`);
          }
          assert.equal(pattern?.test("1.5") ?? false, false);
          assert.equal(pattern?.test("01") ?? false, false);
          assert.equal(pattern?.test("-0") ?? false, false);
        },
      ),
    );
  });

  it("holds the numbers with digits after the point between its limits, and no others", () => {
    const decimal = fc.tuple(fc.integer({ min: -150, max: 150 }), fc.nat(99));
    fc.assert(
      fc.property(range, fc.array(decimal, { maxLength: 20 }), (limits, others) => {
        const gbnf = numberRange(limits, false);
        const pattern = gbnf === undefined ? undefined : toRegExp(gbnf);
        const near = Object.values(limits).flatMap((value) =>
          value === undefined
            ? []
            : [`${value}`, `${value}.0`, `${value}.01`, `${value - 1}.99`, `${value + 1}`],
        );
        for (const text of [
          ...near,
          ...others.map(([whole, part]) => `${whole}.${String(part).padStart(2, "0")}`),
        ]) {
          // A zero needs no sign; both spellings are the same number.
          if (text.startsWith("-0") && Number(text) === 0) continue;
          assert.equal(pattern?.test(text) ?? false, allows(limits, Number(text)), `${text} ${gbnf}`);
        }
      }),
    );
  });

  it("goes to 16 digits where there is no limit", () => {
    const above = toRegExp(numberRange({ minimum: 3 }, true)!);
    assert.ok(above.test("9".repeat(16)) && !above.test("9".repeat(17)) && !above.test("2"));
    const none = numberRange({ minimum: 2, maximum: 1 }, true);
    assert.equal(none, undefined);
  });
});

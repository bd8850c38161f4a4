import { type Detector, isOrderNumber, spansOf } from "../detector.js";
import type { Draw } from "../draw.js";

/** Provinces, the first two digits. */
const PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])";
const DATE = String.raw`(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])`;
const NOW = new RegExp(
  String.raw`(?<![\dA-Za-z])[1-9]\d{5}[- ]?(?:18|19|20)\d{2}${DATE}[- ]?\d{3}[\dXx](?![\dA-Za-z])`,
  "dg",
);
const OLD = new RegExp(String.raw`(?<![\dA-Za-z])${PROVINCE}\d{4}\d{2}${DATE}\d{3}(?![\dA-Za-z])`, "dg");
const SPEAKS_OF_IT = /身份证|证件号|\bid (?:card|number)\b/i;

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** No region has a code that begins so. */
const NO_REGION = "47";

/**
 * Numbers of Chinese identity cards: 18 signs with date and check digit, or 15 with a date only as until 1999. One that
 * is called so counts with a wrong check digit too: it is mistyped, not another thing.
 *
 * The stand-in has another date of birth and a valid check digit, and a region that does not exist.
 *
 * @source GB 11643-1999 (ISO 7064, MOD 11-2)
 */
export const idCard: Detector = {
  kind: "id-card",
  digits: 14,
  find: (text) => {
    const called = SPEAKS_OF_IT.test(text);
    return [
      ...spansOf(text, NOW, (found) => called || hasCheckDigit(keyOf(found))),
      ...spansOf(
        text,
        OLD,
        (found, start) => isDate(`19${found.slice(6, 12)}`) && !isOrderNumber(text, start),
      ),
    ].filter(({ start, end }) => end - start < 18 || isDate(keyOf(text.slice(start, end)).slice(6, 14)));
  },
  key: keyOf,
  imagine: (found, draw) => {
    const region = `${NO_REGION}${draw.digits(4)}`;
    const date = birthday(draw);
    if (keyOf(found).length === 15) return `${region}${date.slice(2)}${draw.digits(3)}`;
    const body = `${region}${date}${draw.digits(3)}`;
    return body + checkDigit(body);
  },
};

function keyOf(found: string): string {
  return found.replaceAll(/[- ]/g, "").toUpperCase();
}

function isDate(digits: string): boolean {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(digits)!.map(Number) as [
    0,
    number,
    number,
    number,
  ];
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

function hasCheckDigit(number: string): boolean {
  return checkDigit(number.slice(0, 17)) === number[17];
}

/** The 18th sign for the first 17. */
function checkDigit(body: string): string {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
  return "10X98765432"[sum % 11]!;
}

function birthday(draw: Draw): string {
  return `19${60 + draw.below(40)}${twoDigits(1 + draw.below(12))}${twoDigits(1 + draw.below(28))}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}

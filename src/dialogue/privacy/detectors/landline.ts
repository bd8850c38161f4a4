import { type Detector, digitsOf, isOrderNumber, spansOf } from "../detector.js";

/** With its area code: three digits for 010 and 02x, else four; seven or eight digits follow. */
const WITH_AREA =
  /(?<![\dA-Za-z_+]|\d[.,-])(?:\+?86[- ]?)?(?<it>\(?0(?:10|2\d|[3-9]\d{2})\)?[- ]?[2-8]\d{2,3}[- ]?\d{4}(?:[-转]\d{1,5})?)(?!\d|[.,]\d)/dg;

/** Without, where the words before it call it a telephone. */
const LOCAL =
  /(?:座机|固话|电话|热线|致电)(?:号码?)?(?:是|为|:|：)?\s?(?<it>[2-8]\d{2,3}[- ]?\d{4})(?!\d|[.,-]\d)/dg;

/** Area codes that are free, of three and four digits. */
const FREE_AREA = { short: "026", long: "0360" };

/**
 * Landline numbers of mainland China. Those of companies for everybody (400 and 800, 95588, 10086) stay.
 *
 * The stand-in has an area code that belongs to no place, as far as there is one.
 *
 * @source libphonenumber's metadata of 2026 knows no numbers of 026 and 0360
 */
export const landline: Detector = {
  kind: "landline",
  digits: 7,
  find: (text) => {
    // British numbers look the same.
    if (/[A-Za-z]{2}/.test(text) && !/\p{Script=Han}/u.test(text)) return [];
    const free = (_: string, start: number) => !isOrderNumber(text, start);
    return [...spansOf(text, WITH_AREA, free), ...spansOf(text, LOCAL, free)];
  },
  key: digitsOf,
  imagine: (found, draw) => {
    const digits = digitsOf(found);
    // No local number begins with a 1: that is where service numbers are.
    if (!digits.startsWith("0")) return `1${draw.digits(digits.length - 1)}`;
    const area = /^0(?:10|2)/.test(digits) ? FREE_AREA.short : FREE_AREA.long;
    return `${area}${2 + draw.below(7)}${draw.digits(digits.length - area.length - 1)}`;
  },
};

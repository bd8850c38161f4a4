import { type Detector, digitsOf, isOrderNumber, spansOf } from "../detector.js";

/** Words of Latin capitals before it make a number that of a parcel (`SF1380…`); small ones are just typed close. */
const MOBILE =
  /(?<![\dA-Z_]|\d[.,-])(?:(?:\+|00)?86[- ]?)?(?<it>1[3-9]\d(?<between>[- .]?)\d{4}\k<between>\d{4})(?!\d|[.,-]\d)/dg;

/**
 * Mobile numbers of mainland China, without their country code, also spaced 3-4-4 and glued to other words.
 *
 * The stand-in begins with 154, which no operator has: the form of a mobile number, and nobody's.
 *
 * @source libphonenumber's metadata of 2026 knows no numbers of 154
 */
export const mobile: Detector = {
  kind: "mobile",
  digits: 11,
  find: (text) => spansOf(text, MOBILE, (_, start) => !isOrderNumber(text, start)),
  key: digitsOf,
  imagine: (_, draw) => `154${draw.digits(8)}`,
};

import { type Detector, digitsOf, isOrderNumber, spansOf } from "../detector.js";

/** 16 to 19 digits in one run or in fours, as banks issue them: UnionPay 62, Visa 4, and so on, and ICBC's old 9558. */
const CARD =
  /(?<![\dA-Za-z]|\d[.,-])(?<it>(?=(?:62|4|5[1-5]|2[2-7]|35|60|65|9558))(?:\d{16,19}|\d{4}(?<between>[- ])\d{4}\k<between>\d{4}\k<between>\d{4}(?:\k<between>?\d{1,3})?|\d{6}[- ]\d{10,13}))(?!\d|[.,-]\d)/dg;
const SPEAKS_OF_IT = /卡号|银行卡|储蓄卡|信用卡|\bcard\b/i;

/**
 * Numbers of bank cards with a valid check digit; without one where the message calls it a card.
 *
 * The stand-in has a valid check digit and begins with 9999, which no issuer can get: 9 is for national bodies by their
 * country's number, and no country has 999.
 *
 * @source ISO/IEC 7812-1, annex B (the formula of Luhn)
 */
export const bankCard: Detector = {
  kind: "bank-card",
  digits: 16,
  find: (text) => {
    const called = SPEAKS_OF_IT.test(text);
    return spansOf(
      text,
      CARD,
      (found, start) => (called || isLuhn(digitsOf(found))) && !isOrderNumber(text, start),
    );
  },
  key: digitsOf,
  imagine: (found, draw) => {
    const body = `9999${draw.digits(digitsOf(found).length - 5)}`;
    return body + luhnDigit(body);
  },
};

function isLuhn(digits: string): boolean {
  return luhnDigit(digits.slice(0, -1)) === digits.at(-1);
}

function luhnDigit(body: string): string {
  let sum = 0;
  for (let place = 0; place < body.length; place += 1) {
    const digit = Number(body.at(-1 - place));
    const doubled = digit * 2;
    sum += place % 2 === 1 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

import { type Detector, spansOf } from "../detector.js";

const IBAN = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])/dg;

/** What a country's code is in the check: letters count from A = 10. */
function check(account: string): number {
  let rest = 0;
  for (const sign of account.slice(4) + account.slice(0, 4)) {
    const value = Number.parseInt(sign, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

/**
 * International bank account numbers, in one run or in fours.
 *
 * The stand-in has valid check digits and the country ZZ, which is nobody's.
 *
 * @source ISO 13616-1; ISO 7064, MOD 97-10
 */
export const bankAccount: Detector = {
  kind: "bank-account",
  digits: 11,
  hint: /[A-Z]{2}\d\d/,
  find: (text) =>
    spansOf(text, IBAN, (found) => {
      const account = keyOf(found);
      return account.length >= 15 && account.length <= 34 && check(account) === 1;
    }),
  key: keyOf,
  imagine: (found, draw) => {
    const body = draw.like(keyOf(found).slice(4));
    return `ZZ${String(98 - check(`ZZ00${body}`)).padStart(2, "0")}${body}`;
  },
};

function keyOf(found: string): string {
  return found.replaceAll(" ", "");
}

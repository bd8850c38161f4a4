import { type Detector, digitsOf, isOrderNumber, spansOf, type Topic } from "../detector.js";
import type { Draw } from "../draw.js";

/** Country codes of one and two digits; all others have three. */
const COUNTRY =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-689]\d|3[578]\d|42\d|5[09]\d|6[7-9]\d|8[05789]\d|9[679]\d)/;

const INTERNATIONAL =
  /(?<![\w+])(?<it>(?:\+|00(?=[1-9]))[1-9]\d{0,3}(?:[-. ]?\(?\d{1,5}\)?){1,6})(?!\d|[.,]\d)/dg;

/** Three, three and four digits as in North America, its free service numbers aside. */
const NORTH_AMERICAN =
  /(?<![\d+-]|\d[., ])(?:1[-. ])?(?<it>\(?(?!400|8(?:00|33|44|55|66|77|88))[2-9]\d{2}\)?[-. ]\d{3}[-. ]\d{4})(?!\d|[.,-]\d)/dg;
/** 555-01xx is what films and books use. */
const LOCAL_AMERICAN = /(?<![\d+-]|\d[., ])(?<it>[2-9]\d{2}-\d{4})(?!\d|[.,-]\d)/dg;
const SPEAKS_OF_PHONE = /\b(?:call|ring|phone|mobile|cell|tel|telephone|text|number|landline|dial)\b/i;

const BRITISH =
  /(?<![\d+-]|\d[., ])(?<it>0(?:7\d{3}[- ]?\d{3}[- ]?\d{3}|2\d[- ]\d{4}[- ]?\d{4}|1\d1[- ]\d{3}[- ]?\d{4}|1\d{3}[- ]\d{3}[- ]?\d{3}))(?!\d|[.,-]\d)/dg;

/**
 * Telephone numbers of other countries: in international form, and as they are written in North America and Britain.
 *
 * Stand-ins are numbers kept free for films and books (555-01xx; 07700 900xxx; 020 7946 0xxx) as long as there are
 * such; those of other countries begin with three zeros behind the country code, where no number of theirs does.
 *
 * @source ITU-T E.164; North American Numbering Plan, 555-0100 to 555-0199; Ofcom, numbers for use in drama
 */
export const foreignPhone: Detector = {
  kind: "foreign-phone",
  digits: 7,
  find: (text, topics: ReadonlySet<Topic>) => {
    const free = (_: string, start: number) => !isOrderNumber(text, start);
    const spoken = topics.has("phone") || SPEAKS_OF_PHONE.test(text);
    return [
      ...spansOf(text, INTERNATIONAL, (found) => isInternational(digitsOf(found))),
      ...spansOf(text, NORTH_AMERICAN, free),
      ...spansOf(text, BRITISH, free),
      ...spansOf(
        text,
        LOCAL_AMERICAN,
        (found, start) => free(found, start) && (spoken || found.startsWith("555-01")),
      ),
    ];
  },
  key: digitsOf,
  imagine: (found, draw) => {
    const digits = digitsOf(found);
    if (found.startsWith("+")) return abroad(digits, draw);
    if (digits.startsWith("00")) return `00${abroad(digits.slice(2), draw)}`;
    if (digits.startsWith("07")) return `07700900${draw.digits(3)}`;
    if (digits.startsWith("0")) return `02079460${draw.digits(3)}`;
    return digits.length === 7 ? `55501${draw.digits(2)}` : american(draw);
  },
};

function isInternational(digits: string): boolean {
  const number = digits.replace(/^00/, "");
  return number.length >= 8 && number.length <= 15 && COUNTRY.test(number);
}

/** A number with the same country code. */
function abroad(number: string, draw: Draw): string {
  const country = COUNTRY.exec(number)![0];
  const rest = number.length - country.length;
  if (number.startsWith("447")) return `447700900${draw.digits(3)}`;
  if (country === "1" && rest === 10) return `1${american(draw)}`;
  return `${country}000${draw.digits(rest - 3)}`;
}

function american(draw: Draw): string {
  return `${2 + draw.below(8)}${draw.digits(2)}55501${draw.digits(2)}`;
}

import { type Detector, spansOf } from "../detector.js";

const EMAIL =
  /(?<![A-Za-z0-9._%+-])[A-Za-z0-9_%+-][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,4}[A-Za-z]{2,24}(?![A-Za-z0-9-]|\.[A-Za-z0-9])/dg;

/**
 * E-mail addresses.
 *
 * The stand-in is one at example.com, a domain that is kept free for this.
 *
 * @source RFC 2606, section 3
 */
export const email: Detector = {
  kind: "email",
  digits: 0,
  hint: /@/,
  find: (text) => spansOf(text, EMAIL),
  key: (found) => found.toLowerCase(),
  imagine: (_, draw) => `${draw.letters(5)}${draw.digits(3)}@example.com`,
};

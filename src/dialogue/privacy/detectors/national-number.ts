import { type Detector, digitsOf, spansOf } from "../detector.js";

const INSURANCE =
  /(?<![A-Za-z0-9])[A-CEGHJ-PR-TW-ZQ][A-CEGHJ-NPR-TW-ZQ] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![A-Za-z0-9])/dg;
const SOCIAL_SECURITY = /(?<![\dA-Za-z-])(?!000|666)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\dA-Za-z-])/dg;
const HEALTH = /(?<![\dA-Za-z-])\d{3} \d{3} \d{4}(?![\dA-Za-z-])/dg;

/**
 * Numbers by which people are known to the state elsewhere: British National Insurance and health service, American
 * social security.
 *
 * Stand-ins are of series that are never given out: QQ, 9 with a wrong check digit, 000.
 *
 * @source HMRC NIM39110; NHS data dictionary, NHS number (modulus 11); SSA, 20 CFR 422.103
 */
export const nationalNumber: Detector = {
  kind: "national-number",
  digits: 6,
  find: (text) => [
    ...spansOf(text, INSURANCE),
    ...spansOf(text, SOCIAL_SECURITY),
    ...spansOf(text, HEALTH, (found) => isHealthNumber(digitsOf(found))),
  ],
  key: (found) => found.replaceAll(/[ -]/g, ""),
  imagine: (found, draw) => {
    const signs = found.replaceAll(/[ -]/g, "");
    if (/^[A-Z]/.test(signs)) return `QQ${draw.digits(6)}${draw.pick("ABCD")}`;
    if (signs.length === 9) return `000${draw.digits(6)}`;
    const body = `9${draw.digits(8)}`;
    return `${body}${(healthDigit(body) + 1) % 10}`;
  },
};

function isHealthNumber(digits: string): boolean {
  return healthDigit(digits.slice(0, 9)) === Number(digits[9]);
}

function healthDigit(body: string): number {
  const sum = [...body].reduce((total, digit, at) => total + Number(digit) * (10 - at), 0);
  return (11 - (sum % 11)) % 11;
}

import { type Detector, spansOf } from "../detector.js";

const SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const CODE = /(?<![A-Za-z0-9])[1-9A-GY][1-9]\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![A-Za-z0-9])/dg;

/** The 18th sign for the first 17. */
function checkSign(body: string): string {
  let sum = 0;
  let weight = 1;
  for (const sign of body) {
    sum += SIGNS.indexOf(sign) * weight;
    weight = (weight * 3) % 31;
  }
  return SIGNS[(31 - (sum % 31)) % 31]!;
}

/**
 * Unified social credit codes of Chinese companies, with a valid check sign.
 *
 * The stand-in has a valid check sign too, and a region (000000) that does not exist.
 *
 * @source GB 32100-2015
 */
export const companyCode: Detector = {
  kind: "company-code",
  digits: 8,
  find: (text) => spansOf(text, CODE, (found) => checkSign(found.slice(0, 17)) === found[17]),
  key: (found) => found,
  imagine: (_, draw) => {
    const body = `91000000${draw.like("A0A00A00A").replaceAll(/[IOSVZ]/g, "K")}`;
    return body + checkSign(body);
  },
};

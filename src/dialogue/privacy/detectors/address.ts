import type { Detector } from "../detector.js";
import { chineseAddress } from "./chinese-address.js";
import { englishAddress } from "./english-address.js";

/** Addresses, Chinese and English. */
export const address: Detector = {
  kind: "address",
  digits: 0,
  hint: /\d|省|市/,
  find: (text, topics) => [...chineseAddress.find(text, topics), ...englishAddress.find(text, topics)],
  key: (found) => ofScript(found).key(found),
  imagine: (found, draw) => ofScript(found).imagine(found, draw),
};

function ofScript(found: string): Detector {
  return /\p{Script=Han}/u.test(found) ? chineseAddress : englishAddress;
}

import { type Detector, spansOf } from "../detector.js";

const GIVEN = /(?<![A-Za-z0-9_])wxid_[a-z0-9]{6,32}(?![A-Za-z0-9_])/dg;

const WORD = String.raw`(?:微信|威信|薇信|(?<![A-Za-z])(?:wx|vx|v信|weixin|wechat)(?=[^A-Za-z]))`;
const ID = String.raw`(?<it>[A-Za-z][A-Za-z0-9_-]{5,19})(?![A-Za-z0-9_@.-])`;
/** Called so outright: any word may follow. */
const CALLED = new RegExp(
  String.raw`${WORD}\s*(?:(?:id(?![A-Za-z0-9])|号|账号|帐号)\s*(?:是|为|叫|:|=|is)?|是|:|=)\s*${ID}`,
  "dgi",
);
/** Only near: then it must look like no word. */
const NEAR = new RegExp(String.raw`${WORD}(?:\s+is\s+|[^A-Za-z0-9\n]{0,6})${ID}`, "dgi");
const BEFORE = new RegExp(
  String.raw`(?<![A-Za-z0-9_@.-])${ID}\s?(?:是|这是|就是)?(?:我|他|她|你)?(?:的)?(?:微信|wx(?![A-Za-z])|vx(?![A-Za-z]))`,
  "dgi",
);

/**
 * WeChat ids: those that WeChat gives, and chosen ones that stand beside the word.
 *
 * The stand-in is drawn at random from as many as nobody could have registered: `wxid_` with 14 signs, or 12 letters
 * and digits behind a z.
 */
export const wechatId: Detector = {
  kind: "wechat-id",
  digits: 0,
  hint: /wxid|微信|[威薇]信|wx|vx|v信|weixin|wechat/i,
  byContext: true,
  find: (text) => [
    ...spansOf(text, GIVEN),
    ...spansOf(text, CALLED),
    ...spansOf(text, NEAR, looksChosen),
    ...spansOf(text, BEFORE, looksChosen),
  ],
  key: (found) => found,
  imagine: (found, draw) => {
    if (found.startsWith("wxid_")) return `wxid_${draw.like("a0a0a0a0a0a0a0")}`;
    return `z${draw.letters(7)}${draw.digits(4)}`;
  },
};

/** Not an ordinary word or a device: it has a digit or a dash in it, and more than a model number. */
function looksChosen(found: string): boolean {
  return /[\d_-]/.test(found) && !/^(?:iphone|ipad|android|windows|version|mac)[\d_-]*$/i.test(found);
}

import type { Detector } from "./detector.js";
import { address } from "./detectors/address.js";
import { bankAccount } from "./detectors/bank-account.js";
import { bankCard } from "./detectors/bank-card.js";
import { code } from "./detectors/code.js";
import { companyCode } from "./detectors/company-code.js";
import { email } from "./detectors/email.js";
import { foreignPhone } from "./detectors/foreign-phone.js";
import { idCard } from "./detectors/id-card.js";
import { landline } from "./detectors/landline.js";
import { mobile } from "./detectors/mobile.js";
import { nationalNumber } from "./detectors/national-number.js";
import { passport } from "./detectors/passport.js";
import { password } from "./detectors/password.js";
import { plate } from "./detectors/plate.js";
import { qq } from "./detectors/qq.js";
import { secretLink } from "./detectors/secret-link.js";
import { wechatId } from "./detectors/wechat-id.js";

/** All but names, in the order in which they may claim a stretch of text: the surer before the less sure. */
export const detectors: readonly Detector[] = [
  secretLink,
  email,
  idCard,
  companyCode,
  bankAccount,
  bankCard,
  nationalNumber,
  qq,
  mobile,
  landline,
  foreignPhone,
  plate,
  wechatId,
  passport,
  address,
  code,
  password,
];

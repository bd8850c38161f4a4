/**
 * What private data in a message can be, and the words that stand for it where it is masked, in Chinese and English:
 * the closed list of both. No emoji of a messenger is written like one of them.
 */
export const PRIVATE_PLACEHOLDERS = {
  mobile: { zh: "[电话]", en: "[phone]" },
  landline: { zh: "[电话]", en: "[phone]" },
  "foreign-phone": { zh: "[电话]", en: "[phone]" },
  "id-card": { zh: "[身份证号]", en: "[id number]" },
  "national-number": { zh: "[证件号]", en: "[id number]" },
  passport: { zh: "[护照号]", en: "[passport number]" },
  "company-code": { zh: "[信用代码]", en: "[company code]" },
  "bank-card": { zh: "[银行卡号]", en: "[card number]" },
  "bank-account": { zh: "[银行账号]", en: "[account number]" },
  email: { zh: "[邮箱]", en: "[email]" },
  address: { zh: "[地址]", en: "[address]" },
  plate: { zh: "[车牌]", en: "[plate]" },
  "wechat-id": { zh: "[微信号]", en: "[wechat id]" },
  qq: { zh: "[QQ号]", en: "[qq number]" },
  password: { zh: "[密码]", en: "[password]" },
  code: { zh: "[验证码]", en: "[code]" },
  "secret-link": { zh: "[密钥]", en: "[secret]" },
  name: { zh: "[姓名]", en: "[person]" },
} as const satisfies Record<string, { zh: string; en: string }>;

/** A type of private data. */
export type PrivateKind = keyof typeof PRIVATE_PLACEHOLDERS;

import validator from "validator";
import type { PrivateKind } from "../src/private-placeholders.js";
import { createRandom, type Random, shuffle } from "../src/random.js";

/** A message with one piece of invented private data in it. */
export type Sample = { kind: PrivateKind; text: string; value: string };

const PER_KIND = 50;

type Draw = {
  digits: (count: number) => string;
  pick: <Item>(items: readonly Item[]) => Item;
  below: (limit: number) => number;
  letters: (count: number) => string;
};

function drawFrom(random: Random): Draw {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <Item>(items: readonly Item[]) => items[below(items.length)]!;
  const many = (count: number, from: string) => Array.from({ length: count }, () => pick([...from])).join("");
  return {
    below,
    pick,
    digits: (count) => many(count, "0123456789"),
    letters: (count) => many(count, "abcdefghijklmnopqrstuvwxyz"),
  };
}

/** The first ending that another program's check lets pass. */
function completed(body: string, endings: readonly string[], check: (text: string) => boolean): string {
  const ending = endings.find((one) => check(body + one));
  return ending === undefined ? "" : body + ending;
}

const DIGITS = [..."0123456789"];
const two = (number: number) => String(number).padStart(2, "0");
const fullWidth = (text: string) =>
  text.replaceAll(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));

function companyCode(body: string): string {
  // By the table of GB 32100-2015: powers of 3 modulo 31.
  const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
  const signs = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  const sum = weights.reduce((total, weight, at) => total + weight * signs.indexOf(body[at]!), 0);
  return body + signs[(31 - (sum % 31)) % 31]!;
}

const SPOKEN_ZH = [
  "{}",
  "我的是{}",
  "记一下{}哈",
  "发你了{}收到没",
  "刚问到的{}，你存一下",
  "是这个吧？{}",
  "{}别发错了",
  "他说{}[捂脸]",
  "哦哦{}\n谢谢啦",
  "对对对就是{}！",
];
const SPOKEN_EN = [
  "{}",
  "its {}",
  "here you go: {}",
  "Sure, {} and thanks!",
  "i think {} but check",
  "write this down {} ok",
  "{} x",
  "Mine is {}.",
];
const both = [...SPOKEN_ZH, ...SPOKEN_EN];

const PLACES = [
  "浙江省杭州市余杭区文岚路{n}号",
  "上海市徐汇区桂舟路{n}弄{m}号{r}室",
  "云桐路{n}号春曦花园{m}栋{u}单元{r}",
  "广东省深圳市南山区科苑路{n}号",
  "青萝巷{n}号",
  "锦荷小区{m}栋{r}",
  "江苏省苏州市吴江区盛泽镇",
  "人民大道{n}号{m}楼",
  "星澜公寓{m}号楼{u}单元{r}室",
  "望湖街{n}号{m}幢{r}室",
];
const STREETS = [
  "{n} Fennel Road",
  "Flat {m}, {n} Marram Street, Larchester",
  "{n} Old Quarry Lane, LS99 {u}ZZ",
  "{n} Juniper Avenue",
  "flat {m} {n} bramble row",
  "{n} heron street",
  "{n} Umber Drive, Pebbleton, CA 9{n}01",
  "Rowan Cottage, {m} Saffron Way",
];

type Maker = { value: (draw: Draw, at: number) => string; carriers: readonly string[] };

const MAKERS: Partial<Record<PrivateKind, Maker>> = {
  mobile: {
    carriers: [...both, "电话{}", "手机号{}，加微信也行", "打{}找我", "tel{}"],
    value: (draw, at) => {
      const number = draw.pick(["138", "139", "150", "159", "166", "177", "188", "199"]) + draw.digits(8);
      const spaced = `${number.slice(0, 3)} ${number.slice(3, 7)} ${number.slice(7)}`;
      return [number, number, spaced, spaced.replaceAll(" ", "-"), fullWidth(number)][at % 5]!;
    },
  },
  landline: {
    carriers: [...SPOKEN_ZH, "公司电话{}", "打{}转前台", "座机{}"],
    value: (draw, at) => {
      const area = draw.pick(["010", "021", "0571", "0755", "028", "0512"]);
      const local = `${2 + draw.below(7)}${draw.digits(7)}`;
      return [
        `${area}-${local}`,
        `${area}${local}`,
        `(${area})${local}`,
        `${area} ${local.slice(0, 4)} ${local.slice(4)}`,
      ][at % 4]!;
    },
  },
  "foreign-phone": {
    carriers: [...both, "call me on {}", "ring {} when you are there", "国外号码{}"],
    value: (draw, at) =>
      [
        `+44 7${draw.digits(3)} ${draw.digits(6)}`,
        `+1 (${2 + draw.below(8)}${draw.digits(2)}) 555-${draw.digits(4)}`,
        `07${draw.digits(3)} ${draw.digits(6)}`,
        `(${2 + draw.below(7)}1${draw.digits(1)}) ${2 + draw.below(8)}${draw.digits(2)}-${draw.digits(4)}`,
        `+8190${draw.digits(8)}`,
        `+65 9${draw.digits(3)} ${draw.digits(4)}`,
        `01632 960${draw.digits(3)}`,
      ][at % 7]!,
  },
  "id-card": {
    carriers: [...both, "身份证{}", "我身份证号码是{}，买票用"],
    value: (draw, at) => {
      const region = draw.pick(["110105", "310104", "440305", "330106", "510104"]);
      const date = `19${60 + draw.below(39)}${two(1 + draw.below(12))}${two(1 + draw.below(28))}`;
      if (at % 10 === 9) return `${region}${date.slice(2)}${draw.digits(3)}`;
      return completed(`${region}${date}${draw.digits(3)}`, [...DIGITS, "X"], (one) =>
        validator.isIdentityCard(one, "zh-CN"),
      );
    },
  },
  "bank-card": {
    carriers: [...both, "打到{}", "卡号{}，建行的"],
    value: (draw, at) => {
      const body =
        draw.pick(["622202", "621700", "411111", "525252", "436742"]) + draw.digits(at % 2 === 0 ? 9 : 12);
      const card = completed(body, DIGITS, (one) => validator.isLuhnNumber(one));
      return at % 3 === 0 ? card.replaceAll(/\d{4}(?=\d)/g, "$& ") : card;
    },
  },
  "bank-account": {
    carriers: both,
    value: (draw, at) => {
      const [country, rest] = at % 2 === 0 ? ["DE", draw.digits(18)] : ["GB", `WEST${draw.digits(14)}`];
      const endings = Array.from({ length: 97 }, (_, check) => two(check + 2));
      const check = endings.find((one) => validator.isIBAN(`${country}${one}${rest}`))!;
      const account = `${country}${check}${rest}`;
      return at % 3 === 0 ? account.replaceAll(/.{4}(?=.)/g, "$& ") : account;
    },
  },
  email: {
    carriers: [...both, "邮箱{}发我", "mail {} pls"],
    value: (draw, at) =>
      [
        `${draw.letters(6)}@qq.com`,
        `${draw.digits(9)}@qq.com`,
        `${draw.letters(3)}.${draw.letters(5)}@mail.example.co.uk`,
        `${draw.letters(4)}_${draw.digits(2)}@163.com`,
        `${draw.letters(5)}+x@gmail.com`,
      ][at % 5]!,
  },
  address: {
    carriers: [],
    value: (draw, at) => {
      const forms = at % 2 === 0 ? PLACES : STREETS;
      return draw
        .pick(forms)
        .replaceAll("{n}", `${1 + draw.below(9)}${draw.digits(1)}`)
        .replaceAll("{m}", String(1 + draw.below(9)))
        .replaceAll("{u}", String(1 + draw.below(4)))
        .replaceAll("{r}", `${1 + draw.below(9)}0${1 + draw.below(8)}`);
    },
  },
  plate: {
    carriers: [...SPOKEN_ZH, "车牌{}", "停了辆{}挡着门"],
    value: (draw, at) => {
      const place = draw.pick(["浙A", "京N", "粤B", "沪C", "川A", "苏E"]);
      const letter = draw.pick([..."ABCDEFGHJK"]);
      return [
        `${place}${draw.digits(2)}${letter}${draw.digits(2)}`,
        `${place}D${draw.digits(5)}`,
        `${place}·${draw.digits(5)}`,
        `${draw.pick(["KX", "BD", "LC", "YG"])}${draw.pick(["19", "21", "68"])} ${draw.pick(["RMY", "HNY", "BEE", "KLP"])}`,
        `${place.toLowerCase()}${letter.toLowerCase()}${draw.digits(4)}`,
      ][at % 5]!;
    },
  },
  "wechat-id": {
    carriers: [
      "微信号{}",
      "加我微信 {}",
      "我微信：{}",
      "vx：{}",
      "wx {} 备注一下",
      "加个v信 {}",
      "my wechat is {}",
      "wechat id: {}",
      "{}是我微信",
    ],
    value: (draw, at) =>
      at % 5 === 0
        ? `wxid_${draw.letters(6)}${draw.digits(6)}`
        : [
            `${draw.letters(5)}_${draw.digits(3)}`,
            `${draw.letters(4)}${draw.digits(4)}`,
            `${draw.letters(3)}-${draw.letters(4)}`,
          ][at % 3]!,
  },
  qq: {
    carriers: ["QQ{}", "加我qq：{}", "我扣扣号是{}", "qq号 {}", "{}是我QQ", "QQ群{}"],
    value: (draw) => `${1 + draw.below(9)}${draw.digits(6 + draw.below(4))}`,
  },
  password: {
    carriers: [
      "密码{}",
      "密码是{}",
      "wifi密码：{}",
      "登录密码 {} 别外传",
      "password is {}",
      "password: {}",
      "the wifi password's {}",
      "pwd={}",
      "新密码是{}哈",
    ],
    value: (draw, at) =>
      [
        `${draw.letters(6)}${draw.digits(3)}`,
        draw.digits(8),
        `${draw.letters(3).toUpperCase()}${draw.letters(3)}!${draw.digits(3)}`,
        `${draw.letters(4)}-${draw.letters(5)}-${draw.digits(2)}`,
      ][at % 4]!,
  },
  code: {
    carriers: [
      "验证码{}",
      "验证码是{}",
      "【某店】验证码：{}，五分钟内有效",
      "{}是你的验证码",
      "取件码{}",
      "开门码 {}",
      "your verification code is {}",
      "{} is your code",
      "door code is {}",
      "the safe code's {}",
      "login code: {}",
    ],
    value: (draw) => draw.digits(draw.pick([4, 6])),
  },
  "secret-link": {
    carriers: [
      "https://example.com/open?id=3&token={}",
      "看这个 https://example.com/s/x?key={}",
      "https://pan.baidu.com/s/{} 快保存",
      "https://us02web.zoom.us/j/{}",
      "https://example.com/reset?u=1&secret={} 点一下",
      "https://example.com/#access_token={}",
      "here https://drive.google.com/file/d/{}/view",
      "https://example.com/x?sig={}&v=2",
    ],
    value: (draw) => `${draw.digits(3)}${draw.letters(6)}${draw.digits(4)}`,
  },
  passport: {
    carriers: [
      "护照{}",
      "护照号码是{}",
      "{}，护照也发你了",
      "my passport is {}",
      "passport number {}",
      "我的护照号{}别弄丢",
    ],
    value: (draw, at) =>
      [`E${draw.digits(8)}`, `EA${draw.digits(7)}`, `G${draw.digits(8)}`, `5${draw.digits(8)}`][at % 4]!,
  },
  "company-code": {
    carriers: [...SPOKEN_ZH, "税号{}", "开票信息 {}"],
    value: (draw) =>
      companyCode(
        `91${draw.pick(["310115", "330106", "440300"])}MA${draw.digits(1)}${draw.pick(["K", "F", "H"])}${draw.digits(5)}`,
      ),
  },
  "national-number": {
    carriers: SPOKEN_EN,
    value: (draw, at) => {
      if (at % 2 === 0)
        return `${draw.pick(["AB", "JC", "SN", "WK"])} ${draw.digits(2)} ${draw.digits(2)} ${draw.digits(2)} ${draw.pick(["A", "B", "C"])}`;
      return `${1 + draw.below(5)}${draw.digits(2)}-4${draw.digits(1)}-${1 + draw.below(9)}${draw.digits(3)}`;
    },
  },
};

/** Fifty of each type that is known by its form, in changing Chinese and English messages. Nobody's data. */
export function privateSamples(seed: number): Sample[] {
  const draw = drawFrom(createRandom(`private ${seed}`));
  const samples: Sample[] = [];
  for (const [kind, { value, carriers }] of Object.entries(MAKERS) as [PrivateKind, Maker][]) {
    for (let at = 0; at < PER_KIND; at += 1) {
      const one = value(draw, at);
      const list =
        kind === "address"
          ? /[a-z]/i.test(one)
            ? SPOKEN_EN
            : [...SPOKEN_ZH, "快递寄到{}", "我住在{}"]
          : carriers;
      samples.push({ kind, value: one, text: list[at % list.length]!.replace("{}", () => one) });
    }
  }
  return samples;
}

const DECOYS = [
  "{d}块钱",
  "才{dd}.{d}元，便宜",
  "总共{ddddd}",
  "¥{ddd}.{dd}",
  "{h}:{mm}到",
  "{h}点{mm}分",
  "20{dd}年{m}月{t}号",
  "{m}月{t}号见",
  "{m}.{t}",
  "20{dd}-0{d}-1{d}",
  "20{dd}/{m}/{t}",
  "{t}号去行吗",
  "520",
  "1314",
  "666",
  "{x}{x}{x}",
  "2333333",
  "5201314",
  "10086说没话费了",
  "打110啊",
  "95588打不通",
  "12306抢票",
  "400-820-8820 打这个",
  "客服电话10010",
  "订单号{dddd}{dddd}{dddd}",
  "快递单号SF{ddddd}{ddddd}{ddd}",
  "单号YT{ddddd}{ddddd}{ddd}",
  "运单 7{dddd}{dddd}{ddddd}",
  "订单 20{dd}0{d}1{d}{dddd}{dddd}",
  "v{d}.{d}.{dd}",
  "iOS {dd}.{d}",
  "版本{d}.{d}.{d}({ddddd})",
  "iPhone {dd} Pro",
  "第{dd}集",
  "{dd}楼",
  "{d}号线转{d}号线",
  "身高1{dd}",
  "{dd}kg",
  "跑了{d}.{dd}公里",
  "{d}比{d}",
  "{dd}%",
  "{dddd}人",
  "播放量{ddddd}{dd}",
  "粉丝{ddddd}了",
  "房间{ddd}",
  "航班CA{dddd}",
  "高铁G{ddd}次{dd}车{d}A",
  "{ddd}分 还差{dd}",
  "密码忘了",
  "密码又错了{d}次",
  "验证码收不到",
  "微信发你了",
  "微信转你{ddd}",
  "QQ上聊",
  "qq飞车打到{dd}级",
  "护照办好了",
  "身份证丢了怎么办",
  "银行卡在家",
  "地址发我",
  "在路上了",
  "这条路好堵",
  "知道了",
  "走路{dd}分钟",
  "我在杭州市区",
  "去中山路吃饭",
  "逛街去不",
  "小区门口见",
  "楼下等你",
  "{d}栋那边",
  "{d}单元门口",
  "https://example.com/watch?v={ddd}abc{d}",
  "https://example.com/news/20{dd}/0{d}/1{d}.html",
  "www.example.com 上搜",
  "@所有人 明天{h}点",
  "1{dd}{dddd}{ddd}步", // eleven digits would be a telephone
  "时间戳17{dddd}{dddd}",
  "毫秒17{ddddd}{dddddd}",
  "pi是3.1415926535",
  "it was £{dd}.{dd}",
  "${dddd} lol",
  "at {h}:{mm}",
  "{h}pm ok",
  "see u on the {t}th",
  "order PX-{ddddd}",
  "order number {dddd}{dddd}{dd}",
  "tracking 1Z{ddddd}{ddddd}",
  "ref HK7-{ddddd}",
  "room {ddd}",
  "{d} minutes down the road",
  "{dd} people in a row",
  "won {d}-{d}",
  "{dd}-{dd} years",
  "page {ddd}",
  "call you at {h}",
  "password is wrong",
  "reset the password again",
  "error code {dddd}",
  "zip code 94{ddd}",
  "promo code SAVE{dd}",
  "in 19{dd}",
  "{dd}/{dd} nice",
  "{ddd} steps to go",
  "m{d} or a{dd}",
  "wechat me later",
  "my passport expired",
  "{dd} mill lane?? no the other one".slice(20),
  "24/7",
  "1080p or 4k",
  "C{d}H{d}O{d}",
  "b{d} {dd}th",
  "192.168.{d}.{dd}",
  "{dd}°C",
  "haha{dd}",
  "isbn 978{dddd}{dddd}{dd}",
  "{dddd}*{dddd}",
  "{ddd}+{ddd}={dddd}",
  "好的",
  "哈哈哈哈",
  "收到",
  "晚安",
  "ok",
  "lol same",
];

/** Two thousand harmless messages: prices, times, orders, service numbers, versions, and talk about private data. */
export function harmlessSamples(seed: number): string[] {
  const random = createRandom(`harmless ${seed}`);
  const draw = drawFrom(random);
  const texts = Array.from({ length: 2000 }, (_, at) => {
    const same = draw.digits(1);
    return DECOYS[at % DECOYS.length]!.replaceAll("{x}", same)
      .replaceAll("{h}", String(1 + draw.below(12)))
      .replaceAll("{mm}", two(draw.below(60)))
      .replaceAll("{m}", String(1 + draw.below(12)))
      .replaceAll("{t}", String(1 + draw.below(28)))
      .replaceAll(
        /\{(d+)\}/g,
        (_, places: string) => `${1 + draw.below(9)}${draw.digits(places.length - 1)}`,
      );
  });
  return shuffle(texts, random);
}

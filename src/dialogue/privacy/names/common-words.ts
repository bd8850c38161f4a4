// Names of contacts that are words too. Replacing them would change what has nothing to do with the person, so they stay.

/** English: names that are words, what relatives and trades are called, and what chats are called. */
const ENGLISH = `
  amber angel april art ash august autumn aurora bay bear bill bishop bliss blossom blue bob bond brandy buck bud
  buddy cash cat chance charity chase cherry chip christian clay cliff clover cook coral crystal curry daisy dash
  dawn doc don dot early earl echo eve ever faith farmer fisher flint forest fox frank gay gentle ginger grace grant
  gray green guy happy harmony harry haven hazel heath heather heaven honest honey hope hunter iris ivory ivy jack
  jasmine jersey jet jewel joy july june king kit lance lane lark lily love luck lucky major mark marsh may mercy
  merit merry miles mine misty moon moss noble north oak olive page paris pat patience peace pearl penny pepper per
  poppy precious prince princess promise ray reef rich ridge river rob robin rock rocky rose rosemary ruby rush
  rusty sage sandy scout sage shell silver sky skip star stone stormy summer sunday sunny temple tiger valentine van
  victor victory violet ward west wells will willow winter wolf wood woody young mum mummy mom mommy mama ma dad
  daddy papa pa pop gran granny grandma nan nana grandad grandpa auntie aunt uncle sister sis brother bro cousin
  baby babe wife hubby husband girlfriend boyfriend son daughter niece nephew family parents landlord landlady boss
  manager teacher doctor dentist plumber electrician builder gardener cleaner driver neighbour neighbor flatmate
  roommate housemate friend friends mate work office school college home house shop garage gym club team group chat
  bank vet police taxi pizza delivery support service admin bot info news me myself you unknown deleted account user
  guest system everyone all anonymous mr mrs ms miss dr prof sir madam lady lord st saint the of and de la le del
  der den von van bin al el da di do dos monday tuesday wednesday thursday friday saturday january february march
  september october november december english chinese american british london china england yes no ok okay so but
  thanks please hello hi hey dear sorry well oh good great nice cool right sure fine what when where why how who is
  are was were am be been do does did has have had can could would should will shall may might must not now then
  there here this that these those it its he she they we our your my his her their an in on at to for from with by
  as if or only just still also too very really
`;

/** Chinese: relatives, trades and chats that dictionaries of single words leave out. */
const CHINESE = `
  老妈 老爸 老婆 老公 妈咪 爸比 我妈 我爸 老娘 老爹 老姐 老哥 老妹 老弟 大姨 小姨 二姨 大舅 小舅 大伯 二伯 小叔 大姑 小姑
  大哥 二哥 三哥 大姐 二姐 三姐 大嫂 小妹 小弟 表哥 表姐 表弟 表妹 堂哥 堂姐 堂弟 堂妹 宝宝 宝贝 亲爱的 媳妇 对象 男友 女友
  男朋友 女朋友 闺蜜 死党 发小 室友 同桌 班长 房东 中介 快递 外卖 客服 物业 保安 保洁 司机 师傅 老师 老板 领导 经理 主任 同事
  家人 一家人 相亲相爱 家庭群 工作群 同学群 班级群 业主群 微信团队 文件传输助手 我 自己 未知 用户 群聊
`;

const english = new Set(ENGLISH.split(/\s+/).filter((word) => word !== ""));
const chinese = new Set(CHINESE.split(/\s+/).filter((word) => word !== ""));

/** In dictionaries as words, in chats nearly always people. */
const PEOPLE = new Set(
  "小满 小明 小红 小刚 小芳 小丽 小华 小强 晨曦 建国 建军 欣欣 婷婷 莉莉 丽丽 佳佳 娜娜 菲菲 思思 文文 豆豆 毛毛 阳阳 张三 李四 王五".split(
    " ",
  ),
);
const words = new Intl.Segmenter("zh", { granularity: "word" });

/** Whether a name in Latin letters is a word as well. */
export function isEnglishWord(name: string): boolean {
  return english.has(name.toLowerCase());
}

/** Whether a name in Chinese characters is a word as well, as ICU's dictionary has it. */
export function isChineseWord(name: string): boolean {
  if (chinese.has(name)) return true;
  if (PEOPLE.has(name)) return false;
  const [first, ...more] = words.segment(name);
  return more.length === 0 && first?.isWordLike === true;
}

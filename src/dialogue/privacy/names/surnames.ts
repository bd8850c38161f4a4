/** The hundred most common Chinese surnames and the common ones of two characters. */
export const SURNAMES =
  "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严欧莫孔向常苗";

const DOUBLE = ["欧阳", "上官", "司马", "诸葛", "司徒", "慕容", "东方", "皇甫", "尉迟", "公孙"];

/** The surname that a name begins with; empty if it begins with none of the common ones. */
export function surnameOf(name: string): string {
  return DOUBLE.find((one) => name.startsWith(one)) ?? (SURNAMES.includes(name[0] ?? " ") ? name[0]! : "");
}

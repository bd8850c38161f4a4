const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

/** A text with the entities of XML and numbers in their place; anything else after `&` stays. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

/** Whether a content is one of WeChat's XML documents rather than words. */
export function isXml(content: string): boolean {
  return /^\s*(?:[\w@.-]{1,64}:\s*)?<(?:\?xml|msg\b|sysmsg\b|voipmsg\b|appmsg\b|location\b|_wc_custom)/.test(
    content,
  );
}

/** What the first element of that name says, without CDATA and entities; empty if there is none. */
export function elementText(xml: string, name: string): string {
  const start = xml.indexOf(`<${name}>`);
  if (start === -1) return "";
  const from = start + name.length + 2;
  const end = xml.indexOf(`</${name}>`, from);
  return end === -1 ? "" : withoutCdata(xml.slice(from, end)).trim();
}

/** The first attribute of that name that is not empty. */
export function attribute(xml: string, name: string): string {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]+)"|'([^']+)')`).exec(xml);
  return decodeEntities(found?.[1] ?? found?.[2] ?? "").trim();
}

/** A text with the marks of its CDATA sections taken away; entities are decoded outside of them only. */
export function withoutCdata(text: string): string {
  if (!text.includes("<![CDATA[")) return decodeEntities(text);
  return text
    .split("<![CDATA[")
    .map((part, index) => {
      const end = index === 0 ? 0 : part.indexOf("]]>");
      if (end === -1) return part;
      return index === 0 ? decodeEntities(part) : part.slice(0, end) + decodeEntities(part.slice(end + 3));
    })
    .join("");
}

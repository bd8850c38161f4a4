import type { Draw } from "../draw.js";
import { surnameOf } from "./surnames.js";

/** Surnames that exist and are rare. */
const RARE_SURNAMES = "盛翟殷詹倪霍翁柯鲍祝骆裘宓俞奚茅樊柏阮卞";
const GIVEN = "岚霁澜珩昀芮瑾恺笙屿棠昱翎钰琬漪珞菡衍煜旻颢溦瑄";

const TITLE = /(?:老师|师傅|医生|律师|经理|阿姨|叔叔|同学|[总姐哥叔姨嫂工董爷])$/u;
const PREFIX = /^[阿老小大]/u;

const FIRST_NAMES =
  "Ada,Abel,Alba,Anouk,Arlo,Asa,Axel,Bodhi,Cato,Cleo,Cyd,Elio,Elke,Enzo,Esme,Eero,Fenn,Gia,Gus,Hugo,Idris,Iker,Ike,Ines,Jory,Juno,Kai,Kaia,Lars,Leif,Lev,Lio,Lux,Lyra,Maud,Milo,Mina,Nell,Nico,Nils,Noa,Nora,Odin,Ola,Orla,Otto,Oz,Pia,Rafe,Rhea,Rio,Runa,Sven,Taj,Thea,Tove,Ugo,Una,Uri,Vera,Wes,Xan,Yara,Zeno,Zia,Zora,Aisling,Alaric,Amelie,Anders,Anselm,Antonia,Armand,Astrid,Aurelio,Beatrix,Bertram,Bjorn,Briony,Caspian,Cecily,Celeste,Clemens,Cosima,Cyrus,Dagmar,Delphine,Edmund,Elias,Elodie,Emeric,Esteban,Eudora,Evander,Fabian,Felicia,Ferdinand,Florian,Freya,Giacomo,Gideon,Greta,Gustav,Henrik,Hedwig,Horatio,Ignacio,Imogen,Ingrid,Isolde,Jarvis,Joaquin,Jocasta,Kaspar,Katinka,Lavinia,Leander,Leopold,Linnea,Lorcan,Lucinda,Magnus,Marcel,Matilda,Mireille,Nadine,Niamh,Octavia,Orlando,Ottilie,Percival,Phoebe,Quentin,Rafael,Ramona,Rosalind,Rufus,Sabine,Saskia,Silas,Soren,Stellan,Sylvie,Tessa,Theodora,Tiberius,Tobias,Ursula,Valentin,Verity,Viktor,Wilfred,Willa,Winona,Xavier,Yolanda,Yvette,Zachary,Zelda".split(
    ",",
  );
const BEGINNINGS =
  "Ba,Ce,Da,Fe,Ga,Ho,Ja,Ke,Lo,Ma,Ne,Pa,Ri,So,Te,Va,We,Yo,Za,Bri,Cla,Fro,Gwe,Kri,Tre,Ste".split(",");
const MIDDLES = "la,mi,ne,ri,so,ta,vi,den,len,ran,sto,tin,ver".split(",");
const ENDINGS = "a,en,ia,in,is,on,or,us,yn,ela,ett,ian,mond,nor,ric,ton,wyn".split(",");

const HANGUL = { first: "김이박최정강조윤장임".split(""), rest: "가람나래도윤서안유온하솔".split("") };
const HIRAGANA = "あいうかきこさすたちなのはひまみゆりれ";
const KATAKANA = "アイウカキコサスタチナノハヒマミユリレ";
const CYRILLIC =
  "Ария,Богдан,Вера,Глеб,Дарина,Егор,Злата,Игнат,Кира,Лада,Марк,Ника,Олеся,Платон,Рада,Савва,Тихон,Ульяна,Филипп,Яна".split(
    ",",
  );

/**
 * Another name of the same script and about the same length, which keeps what tells how close the two are: 阿, 老, 小
 * and 大 before it and a title behind it.
 *
 * @param name one word of it
 */
export function imagineName(name: string, draw: Draw): string {
  if (/^\p{Script=Han}/u.test(name)) return chinese(name, draw);
  if (/^\p{Script=Hangul}/u.test(name))
    return [...name]
      .map((_, at) => draw.pick(at === 0 && name.length > 2 ? HANGUL.first : HANGUL.rest))
      .join("");
  if (/^\p{Script=Hiragana}/u.test(name)) return [...name].map(() => draw.pick(HIRAGANA)).join("");
  if (/^\p{Script=Katakana}/u.test(name)) return [...name].map(() => draw.pick(KATAKANA)).join("");
  if (/^\p{Script=Cyrillic}/u.test(name)) return draw.pick(CYRILLIC);
  return latin(name, draw);
}

function chinese(name: string, draw: Draw): string {
  const title = name.length > 1 ? (TITLE.exec(name)?.[0] ?? "") : "";
  const called = name.slice(0, name.length - title.length);
  const given = (length: number) => Array.from({ length }, () => draw.pick(GIVEN)).join("");
  if (title !== "")
    return `${surnameOf(called) ? draw.pick(RARE_SURNAMES) + given([...called].length - 1) : given([...called].length)}${title}`;
  const prefix = name.length === 2 ? (PREFIX.exec(name)?.[0] ?? "") : "";
  if (prefix !== "") return prefix + (surnameOf(name[1]!) ? draw.pick(RARE_SURNAMES) : draw.pick(GIVEN));
  const length = [...name].length;
  if (length <= 4 && surnameOf(name) !== "") return draw.pick(RARE_SURNAMES) + given(length - 1);
  return given(length);
}

function latin(name: string, draw: Draw): string {
  const near = FIRST_NAMES.filter((one) => Math.abs(one.length - name.length) <= 1);
  // A name from the list for most, so that they read as names; invented ones so that there are always more.
  if (near.length > 0 && draw.below(12) > 0) return draw.pick(near);
  const middles = Math.max(0, Math.round((name.length - 5) / 2));
  return (
    draw.pick(BEGINNINGS) +
    Array.from({ length: middles }, () => draw.pick(MIDDLES)).join("") +
    draw.pick(ENDINGS)
  );
}

/** A stand-in in capitals or small letters where the name was found so. */
export function inCaseOf(found: string, standIn: string): string {
  if (found === found.toLowerCase()) return standIn.toLowerCase();
  return found.length > 1 && found === found.toUpperCase() ? standIn.toUpperCase() : standIn;
}

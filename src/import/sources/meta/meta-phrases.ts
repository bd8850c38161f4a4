import type { MediaKind } from "../../kinds.js";

// What Instagram and Messenger write as `content` of messages that nobody typed, in English, German, French, Spanish,
// Portuguese and Italian.

/** After a name or "You" and a blank: what somebody did. */
const DEEDS: [MediaKind, RegExp][] = [
  [
    "unknown",
    /^(?:sent (?:an attachment|a photo|a video|a voice message|a sticker|a GIF|a link|a location)|(?:hat|hast) einen Anhang gesendet|(?:a|avez) envoyé une pièce jointe|(?:envió|has enviado|enviaste) un archivo adjunto|enviou um anexo|(?:ha|hai) inviato un allegato)\.?$/,
  ],
  [
    "recalled",
    /^(?:unsent a message|(?:hat|hast) eine Nachricht zurückgerufen|(?:a|avez) annulé l[’']envoi d[’']un message)\.?$/,
  ],
  [
    "call",
    /^(?:called you|missed (?:a|an|your) (?:audio |video |voice )?(?:call|chat)(?: from .{1,80})?|(?:started|joined) (?:a|an|the) (?:audio |video |voice |group )?(?:call|chat)|(?:hat|hast) (?:einen|deinen) (?:Videochat|Anruf|Audioanruf|Videoanruf) (?:gestartet|verpasst))\.?$/,
  ],
  [
    "system",
    /^(?:(?:changed|set) (?:the|your|their|her|his) (?:chat |group )?(?:theme|quick reaction|emoji|nickname|photo|name|own nickname).*|set (?:his|her|their) own nickname .*|cleared (?:the|your|their|his|her) (?:own )?nickname.*|named the group .*|created (?:the|this) group|added .{1,200} to the (?:group|chat)|removed .{1,200} from the (?:group|chat)|left the (?:group|chat)|joined the (?:group|chat)|created a poll.*|voted for .*|changed (?:his|her|their) vote.*|pinned a message|unpinned a message|turned (?:on|off) .*|waved at .*|(?:hat|hast) (?:das Design|die Gruppe|den Spitznamen|das Gruppenbild) .*)\.?$/s,
  ],
];

/** Words of their own, without a name. */
const BARE: [MediaKind, RegExp][] = [
  [
    "system",
    /^(?:Liked a message|A aimé un message|Le gustó un mensaje|Curtiu uma mensagem|Ha messo [“"«]?Mi piace[”"»]? a un messaggio)$/,
  ],
  [
    "system",
    /^(?:Reacted (?:\S{1,30} )?to your message|Hat (?:mit )?(?:\S{1,30} )?auf deine Nachricht reagiert|A réagi (?:avec )?(?:\S{1,30} )?à (?:ton|votre) message|(?:Reaccionó|Ha reaccionado) (?:con \S{1,30} )?a tu mensaje|Reagiu (?:com \S{1,30} )?à (?:sua|tua) mensagem|Ha reagito (?:con \S{1,30} )?al tuo messaggio)$/,
  ],
  [
    "call",
    /^(?:(?:The )?(?:Audio call|Video chat|Video call|video chat|call) ended\.?|Missed (?:audio|video) call)$/,
  ],
  [
    "system",
    /^(?:You are now connected on Messenger\.?|You can now (?:message and )?call each other .*|Say hi to your new Facebook friend, .*|This poll is no longer available\.?|Messages and calls are secured with end-to-end encryption.*)$/,
  ],
];

const YOU = /^(?:You|Du|Vous|Tú|Você|Tu|Hai) /;

/** What a text is that the program wrote instead of its sender; undefined for people's own words. */
export function metaPseudoMessage(content: string, sender: string): MediaKind | undefined {
  if (content.length > 400) return undefined;
  const words = content.trim();
  const bare = BARE.find(([, pattern]) => pattern.test(words));
  if (bare) return bare[0];
  const named = sender !== "" && words.startsWith(`${sender} `);
  if (!named && !YOU.test(words)) return undefined;
  const deed = words.slice(named ? sender.length + 1 : words.indexOf(" ") + 1);
  const kind = DEEDS.find(([, pattern]) => pattern.test(deed))?.[0];
  // People say such things too, but seldom with a full stop.
  return named || words.endsWith(".") || kind === "recalled" ? kind : undefined;
}

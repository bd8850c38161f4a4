import type { MediaKind } from "../../kinds.js";

// What WhatsApp itself writes in place of a message, by language: English, German, French, Spanish, Portuguese (two),
// Italian, Dutch, Russian, Turkish, Polish, Indonesian, Chinese (two), Japanese, Korean. In lower case and without a
// full stop at the end.

/** iOS, instead of what was sent; after a caption or a document's name. */
export const OMITTED: ReadonlyMap<string, MediaKind> = byPhrase({
  image: `image omitted|bild weggelassen|image absente|imagen omitida|imagem ocultada|imagem não revelada|
    immagine omessa|afbeelding weggelaten|изображение отсутствует|görüntü dahil edilmedi|obraz pominięty|
    gambar tidak disertakan|图像已省略|图片已省略|照片已忽略|圖片已略去|圖像已省略|画像は含まれていません|이미지 생략됨`,
  video: `video omitted|video note omitted|video message omitted|video weggelassen|vidéo absente|video omitido|
    vídeo omitido|vídeo não revelado|video omesso|video weggelaten|видео отсутствует|video dahil edilmedi|
    wideo pominięte|video tidak disertakan|视频已忽略|视频已省略|影片已略去|影片已省略|ビデオは含まれていません|
    動画は含まれていません|비디오 생략됨|동영상 생략됨`,
  voice: `audio omitted|audio weggelassen|audio omis|audio omitido|áudio ocultado|ficheiro de áudio não revelado|
    audio omesso|audio weggelaten|аудиофайл отсутствует|ses dahil edilmedi|audio pominięte|
    audio tidak disertakan|音频已忽略|音频已省略|音訊已略去|音訊已省略|音声は含まれていません|오디오 생략됨`,
  sticker: `sticker omitted|gif omitted|sticker weggelassen|gif weggelassen|sticker omis|gif retiré|
    sticker omitido|gif omitido|figurinha omitida|sticker não revelado|gif não revelada|sticker non incluso|
    gif esclusa|sticker weggelaten|gif weggelaten|стикер не добавлен|gif отсутствует|çıkartma dahil edilmedi|
    gif dahil edilmedi|pominięto naklejkę|plik gif pominięty|stiker tidak disertakan|gif tidak disertakan|
    贴图已省略|表情已忽略|gif 动态图已被忽略|貼圖已略去|貼圖已忽略|gif 已略去|gif 圖片已被省略|
    スタンプは含まれていません|gifは含まれていません|스티커 제외됨|gif 생략됨`,
  file: `document omitted|dokument weggelassen|document manquant|documento omitido|documento não revelado|
    documento omesso|document weggelaten|документ отсутствует|belge dahil edilmedi|dokument pominięty|
    dokumen tidak disertakan|文档已省略|文件已忽略|文件已略去|ドキュメントは含まれていません|문서 생략됨`,
  "contact-card": `contact card omitted|kontaktkarte ausgelassen|fiche contact manquante|
    tarjeta de contacto omitida|cartão do contato omitido|contacto não revelado|scheda contatto omessa|
    visitekaartje weggelaten|карточка контакта отсутствует|kişi kartı dahil edilmedi|
    pominięta wizytówka kontaktu|kartu kontak tidak disertakan|联系人卡片已忽略|聯絡人卡片已略去|
    聯絡人卡片已省略|連絡先カードを省略|연락처 카드 생략됨`,
});

/** Android, between `<` and `>`, instead of anything that was sent. */
export const MEDIA_OMITTED: ReadonlySet<string> = phrases(`media omitted|medien ausgeschlossen|
  medien weggelassen|médias omis|fichier omis|multimedia omitido|archivo omitido|mídia oculta|mídia omitida|
  arquivo de mídia oculto|ficheiro não revelado|media omessi|media omesso|media weggelaten|без медиафайлов|
  файл пропущен|medya dahil edilmedi|medya atlanmış|pominięto multimedia|pliki pominięto|
  media tidak disertakan|省略影音内容|省略多媒体文件|媒体省略|忽略多媒體檔|省略多媒體檔案|已省略多媒體檔案|
  メディアは含まれていません|メディアなし|미디어 파일 제외됨|미디어 파일을 생략한 대화내용`);

/** Android, in parentheses after a file's name; iOS, between `<` and a colon before it. */
export const ATTACHED: ReadonlySet<string> = phrases(`file attached|attached|datei angehängt|anhang|
  fichier joint|pièce jointe|archivo adjunto|adjunto|arquivo anexado|ficheiro anexado|anexado|file allegato|
  allegato|bestand bijgevoegd|bijgevoegd|bijlage|файл добавлен|вложение|прикреплено|dosya ekli|eklendi|
  załączony plik|załączono|file terlampir|terlampir|文件附件|附件|附件檔案|已附加|添付ファイル|添付ファイル有り|添付|
  파일 첨부됨|첨부됨|첨부`);

/** Instead of a message that its sender took back. */
export const DELETED: ReadonlySet<string> = phrases(`this message was deleted|diese nachricht wurde gelöscht|
  ce message a été supprimé|se eliminó este mensaje|este mensaje fue eliminado|mensagem apagada|
  esta mensagem foi apagada|questo messaggio è stato eliminato|dit bericht is verwijderd|
  данное сообщение удалено|это сообщение удалено|bu mesaj silindi|ta wiadomość została usunięta|
  pesan ini telah dihapus|此消息已删除|这条消息已删除|此訊息已刪除|このメッセージは削除されました|
  삭제된 메시지입니다|이 메시지는 삭제되었습니다`);

/** The same in the chat of the one who took it back, who is therefore the owner of the export. */
export const DELETED_BY_OWNER: ReadonlySet<string> = phrases(`you deleted this message|
  du hast diese nachricht gelöscht|vous avez supprimé ce message|eliminaste este mensaje|
  você apagou esta mensagem|apagou esta mensagem|hai eliminato questo messaggio|
  je hebt dit bericht verwijderd|u hebt dit bericht verwijderd|вы удалили данное сообщение|
  вы удалили это сообщение|bu mesajı sildiniz|usunięto tę wiadomość|anda telah menghapus pesan ini|
  您已删除此消息|你已删除此消息|您已刪除此訊息|你已刪除此訊息|あなたはこのメッセージを削除しました|
  이 메시지를 삭제했습니다`);

/** Between `<` and `>` at the end of a message that was changed. */
export const EDITED: ReadonlySet<string> = phrases(`this message was edited|diese nachricht wurde bearbeitet|
  ce message a été modifié|se editó este mensaje|mensaje editado|mensagem editada|esta mensagem foi editada|
  questo messaggio è stato modificato|dit bericht is bewerkt|данное сообщение изменено|
  это сообщение изменено|сообщение изменено|bu mesaj düzenlendi|ta wiadomość została edytowana|
  pesan ini diedit|此消息已编辑|已编辑此消息|消息已编辑|此訊息已編輯|訊息已編輯|已編輯此訊息|
  このメッセージは編集済みです|このメッセージは編集されました|이 메시지는 수정되었습니다|수정된 메시지입니다`);

/** A call nobody took, in Android's and iOS's words. */
export const MISSED_CALL: ReadonlySet<string> = phrases(`missed voice call|missed video call|
  missed group voice call|missed group video call|verpasster sprachanruf|verpasster videoanruf|
  appel vocal manqué|appel vidéo manqué|llamada perdida|llamada de voz perdida|videollamada perdida|
  chamada de voz perdida|chamada de vídeo perdida|videochamada perdida|chiamata vocale persa|
  videochiamata persa|gemist spraakgesprek|gemiste spraakoproep|gemist videogesprek|gemiste video-oproep|
  пропущенный аудиозвонок|пропущенный видеозвонок|cevapsız sesli arama|cevapsız görüntülü arama|
  nieodebrane połączenie|panggilan suara tak terjawab|panggilan video tak terjawab|未接语音通话|未接视频通话|
  未接語音通話|未接視像通話|未接視訊通話|不在着信|音声通話不在着信|ビデオ通話不在着信|부재중 전화|부재중 영상통화`);

/** How iOS begins the line of a call; after an invisible mark only. */
export const CALL_START: RegExp =
  /^(?:missed |verpasster |silenced )?(?:voice call|video call|group call|sprachanruf|videoanruf|appel (?:vocal|vidéo)|llamada|videollamada|chamada|videochamada|chiamata|videochiamata|spraakoproep|spraakgesprek|videogesprek|аудиозвонок|видеозвонок|sesli arama|görüntülü arama|语音通话|视频通话|語音通話|視訊通話|視像通話|音声通話|ビデオ通話|음성 통화|영상 통화)/;

export const LIVE_LOCATION: ReadonlySet<string> = phrases(`live location shared|live-standort wird geteilt|
  localisation en direct partagée|ubicación en tiempo real compartida|localização atual compartilhada|
  posizione attuale condivisa|live locatie gedeeld|геоданные отправлены|mevcut konum paylaşıldı|
  udostępniona transmisja położenia|lokasi terkini dibagikan|共享实时位置|實時位置已分享|
  ライブロケーション共有|공유한 실시간 위치`);

/** First words of a poll and of each of its answers. */
export const POLL_START: RegExp =
  /^(?:poll|umfrage|sondage|encuesta|enquete|sondagem|sondaggio|peiling|опрос|anket|ankieta|投票|アンケート|투표)\s?[:：]/;

/** The notice at the start of every chat, whose author is the chat itself. */
export const ENCRYPTED: RegExp =
  /end-to-end encrypted|end-to-end encryption|ende-zu-ende|de bout en bout|de extremo a extremo|de ponta a ponta|ponto a ponto|end-to-end|сквозным шифрованием|uçtan uca|端到端加密|端對端加密|エンドツーエンド|종단간 암호화/;

function phrases(list: string): Set<string> {
  return new Set(list.split("|").map((phrase) => phrase.trim()));
}

function byPhrase(lists: Partial<Record<MediaKind, string>>): Map<string, MediaKind> {
  return new Map(
    Object.entries(lists).flatMap(([kind, list]) =>
      [...phrases(list)].map((phrase) => [phrase, kind as MediaKind] as const),
    ),
  );
}

"""Writes the same chats in the encodings that re-saves on Windows leave, by Python's own codecs.

python make-texts.py (3.11)
"""

import hashlib
import json
from pathlib import Path

HERE = Path(__file__).parent
CHINESE = "2024-05-01 16:00:00 小满\n周六去爬山不，我借到车了\n\n2024-05-01 16:01:00 阿泽\n去啊，几点出发？要不要带上镕基和堃\n"
KOREAN = "2024. 5. 1. 16:00, 민수 : 밥 먹었어?\n2024. 5. 1. 16:01, 제이 : 응 방금 ㅋㅋㅋ 똠방각하 봤어\n"
JAPANESE = "16:00\tさくら\tもう着いた？\n16:01\tれん\tあと五分だけ待って、電車が遅れてる\n"
texts = {
    "gb18030": (CHINESE + "😄\n", ["gb18030"]),
    "euc-kr": (KOREAN, ["cp949"]),
    "shift_jis": (JAPANESE, ["cp932"]),
    "utf-16le": (CHINESE, ["utf-16-le"]),
}
for name, (text, [codec]) in texts.items():
    (HERE / f"{name}.txt").write_bytes(text.encode(codec))
# Every pair of bytes of code page 949 and its character, as one digest: 17,048 pairs.
pairs = [(lead, trail) for lead in range(0x81, 0xFF) for trail in range(0x41, 0xFF)]
known = [(f"{lead:02x}{trail:02x}", bytes([lead, trail]).decode("cp949", "replace")) for lead, trail in pairs]
listed = "".join(f"{code}{character}\n" for code, character in known if len(character) == 1 and character != "\ufffd")
(HERE / "cp949.json").write_text(json.dumps({"pairs": listed.count("\n"), "sha256": hashlib.sha256(listed.encode()).hexdigest()}))
(HERE / "texts.json").write_text(json.dumps({name: text for name, (text, _) in texts.items()}, ensure_ascii=False, indent=1))

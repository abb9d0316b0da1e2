from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "Lines" RENAME TO "Peers";
        ALTER TABLE "Peers" RENAME CONSTRAINT "Lines_pkey" TO "Peers_pkey";
        ALTER TABLE "Peers" RENAME CONSTRAINT "Lines_shownChatId_fkey" TO "Peers_shownChatId_fkey";
        ALTER TABLE "Peers" RENAME CONSTRAINT "Lines_userId_fkey" TO "Peers_userId_fkey";
        ALTER TABLE "Peers" RENAME CONSTRAINT "uid_Lines_botId_1b0161" TO "uid_Peers_botId_55936f";
        ALTER INDEX "idx_Lines_userId_ea1c29" RENAME TO "idx_Peers_userId_abb951";
        ALTER TABLE "Activations" RENAME COLUMN "lineId" TO "peerId";
        ALTER TABLE "Activations" RENAME CONSTRAINT "Activations_lineId_fkey" TO "Activations_peerId_fkey";
        ALTER INDEX "idx_Activations_lineId_a122af" RENAME TO "idx_Activations_peerId_2a033c";
        ALTER TABLE "Deliveries" RENAME COLUMN "lineId" TO "peerId";
        ALTER TABLE "Deliveries" RENAME CONSTRAINT "Deliveries_lineId_fkey" TO "Deliveries_peerId_fkey";
        ALTER TABLE "Deliveries" RENAME CONSTRAINT "uid_Deliveries_lineId_1df5a4" TO "uid_Deliveries_peerId_f80f94";
        ALTER TABLE "HeldMessages" RENAME COLUMN "lineId" TO "peerId";
        ALTER TABLE "HeldMessages" RENAME CONSTRAINT "HeldMessages_lineId_fkey" TO "HeldMessages_peerId_fkey";
        ALTER TABLE "HeldMessages" RENAME CONSTRAINT "uid_HeldMessage_lineId_1127d6" TO "uid_HeldMessage_peerId_bb9a9d";
        ALTER TABLE "TelegramTopics" RENAME COLUMN "lineId" TO "peerId";
        ALTER TABLE "TelegramTopics" RENAME CONSTRAINT "TelegramTopics_lineId_fkey" TO "TelegramTopics_peerId_fkey";
        ALTER TABLE "TelegramTopics" RENAME CONSTRAINT "uid_TelegramTop_lineId_217030" TO "uid_TelegramTop_peerId_f5a8f9";"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "TelegramTopics" RENAME CONSTRAINT "uid_TelegramTop_peerId_f5a8f9" TO "uid_TelegramTop_lineId_217030";
        ALTER TABLE "TelegramTopics" RENAME CONSTRAINT "TelegramTopics_peerId_fkey" TO "TelegramTopics_lineId_fkey";
        ALTER TABLE "TelegramTopics" RENAME COLUMN "peerId" TO "lineId";
        ALTER TABLE "HeldMessages" RENAME CONSTRAINT "uid_HeldMessage_peerId_bb9a9d" TO "uid_HeldMessage_lineId_1127d6";
        ALTER TABLE "HeldMessages" RENAME CONSTRAINT "HeldMessages_peerId_fkey" TO "HeldMessages_lineId_fkey";
        ALTER TABLE "HeldMessages" RENAME COLUMN "peerId" TO "lineId";
        ALTER TABLE "Deliveries" RENAME CONSTRAINT "uid_Deliveries_peerId_f80f94" TO "uid_Deliveries_lineId_1df5a4";
        ALTER TABLE "Deliveries" RENAME CONSTRAINT "Deliveries_peerId_fkey" TO "Deliveries_lineId_fkey";
        ALTER TABLE "Deliveries" RENAME COLUMN "peerId" TO "lineId";
        ALTER INDEX "idx_Activations_peerId_2a033c" RENAME TO "idx_Activations_lineId_a122af";
        ALTER TABLE "Activations" RENAME CONSTRAINT "Activations_peerId_fkey" TO "Activations_lineId_fkey";
        ALTER TABLE "Activations" RENAME COLUMN "peerId" TO "lineId";
        ALTER INDEX "idx_Peers_userId_abb951" RENAME TO "idx_Lines_userId_ea1c29";
        ALTER TABLE "Peers" RENAME CONSTRAINT "uid_Peers_botId_55936f" TO "uid_Lines_botId_1b0161";
        ALTER TABLE "Peers" RENAME CONSTRAINT "Peers_userId_fkey" TO "Lines_userId_fkey";
        ALTER TABLE "Peers" RENAME CONSTRAINT "Peers_shownChatId_fkey" TO "Lines_shownChatId_fkey";
        ALTER TABLE "Peers" RENAME CONSTRAINT "Peers_pkey" TO "Lines_pkey";
        ALTER TABLE "Peers" RENAME TO "Lines";"""


MODELS_STATE = (
    "eJztXVtz2zYW/isYvTSdUbuJ7ThZ90m+JFHjyKktN90mHQ4sQhLHJKASkBVNm/++AHinQI"
    "oUKYli8NDUInFA6TsEcO7nn45DTGTTn3ujEaL02sKPnTPwTwdDB/E/FHe7oANns+ieuMDg"
    "gy2HR+PkdfhAmQtHjN8aQ5sifslEdORaM2YRLAkAtfDERj/NKQI2pzsDjAA2RWAGMbK7gL"
    "jygoUABENko4kLHQBHIzLH7BdgMcpvPyIMLAoe0YwBgu0lgJSPnkI6/Vl8C5OM+Nfgj9nV"
    "A+fY+nuODEYmiE/s8sd+/otftrCJviIafJw9GmML2WYCb8sUE8jrBlvO5LWLKXTfyJHixz"
    "wYI2LPHRyNni3ZlOBwOP+t4uoEYeRChswY+Hhu2z6rgkved+UXmDtH4Zc0owsmGsO5LVgo"
    "qL1vEF3rGMbgZmjcXQ0No7PC3oAixgD/0ohg8WpYmFH5+x341bARnrAp/3h68s17ToSDN0"
    "o88Pfe7cW73u2z05MfxQMJf7+8d2/g3zmSt77JKSCD3iQS9Qjm2dydEYrUWF/huSPx7vPv"
    "CPEIreAeI68H/OBChH60XjaHv3PXfzvoD874Kz/BFv6C+4Pf+8PesH/Dr1n4yWJQjtyARS"
    "9OC7DoxWkmi8QtwaKIJejrzHIRNSBb5colh5JZDlKvAp+yxxT8MH3Kn4M/6uHOLtdGDtDD"
    "/oeru2Hvw0cxvUPp37ZEqze8EneO5NVl6uqzNFPCScCn/vAdEB/BnzeDK4kmoWziyidG44"
    "Z/dsR3gnNGDEwWBjTjQAaXg0sJJvNN19yAw4KsNvb6vNvy2vte2esa5Y4wQdKv8RjbMzeT"
    "u+TRy5cFtkk+KnOflPe+fRPywvhReZQJAFcBf0NcxDf992i5cpKlcPYlvHt/mgPD+1vwPg"
    "VXowXuwkUoYMXfTP7b+S9GzHsxe3cXvcurjkT4AY4eF9A1jQTU4g45Iqkr4djVW86Rk74C"
    "MZxIcMSvEN85lKuZ9QT9H62QusO7a6TuYFxhqVsANneQC8gMYSG8jqaQnYEF/1cIw0uwcC"
    "2GwMLi78qcAQqXnAv8NnL5dGOXOGIU5sJvVwjCDoKYgTEXnS2mErm3/LT18vbnzgyFLwA/"
    "f/4qJYCfW5M+ZiVEcPEeptaS/1I2VwKfiK/w03+Pjo6PXx09Pz59/fLk1auXr5+/5mPl91"
    "299Spnczvvv+0PhsltTVzIl8vnM3GQK4+QPCZ4ZMpjRMGKA9jWdsmNCH2+sVhPyF0aUtkt"
    "x4KA9iIg1XzYmA/lBWS4Q91HS8cbSsfi0CspHQuS1krHx0VsCMfZNoTjFRtC7JAvirAg0Q"
    "jnIpyjfAj0alA+PqJWKx+x1zKhfNzyLeW2fzHsrGwTNWB64U/TUkxjm2kGpvvR6CTsCl0u"
    "YEe2FidGFNTfPgnFiWAUKVYQm/KChcf2HPEXwxValPBkIDiaAiL0IgAfhHbl0c1nBK+qan"
    "VOrNDKPne8+z7jgoeIj3+taGzRE/3hnpQf2A8FTRcohrnoyaICKHk7/ozkHOV0wO/OCVPX"
    "6Zyt7I1cFONnGXHXp9ylxV9LvRtKvclVW8rq71FqLh8Al21ImeEgSvmpWFICF6QfPMoKgn"
    "jDvDrb1nTCQ24F6DwjTZxqd/aZ59vCeC/GmZRAUViT98laq2vW5utKgh0TF4tDLYg00GWA"
    "XpGiC0u/IaEGvIIX13tn61D7w4kODPPCin98SyhiTvE33hqwbbmPPHWyFcA2Wvwa3XXoru"
    "ywpc1WMQdR0uGfEgB94jfvb5EdRg+oMU9GGLQEeZVP00IVkbr0/ZuHp4oUg8mFY1YVIjFH"
    "W98jX7etCJGv57YVJJtEVoCdIXWIy41OyQIbSvW9BEYF3WaHCBDzMy9qepuCRI6Wrz9GZt"
    "aoJqiGYq42AbVVr5+ndan8fqE+luP5k2OKxm7imC/uBwrIeIzcrshAEklMnnYEZpzLY+I6"
    "wCN+QFQdmVltLp3n1BDDQjfHy8YsZisSnYboa4aROCRohSknz8ly9ccw4V8JcH32offHjw"
    "kfy/XN4G0wPMaHi+ub85UYyuhrlgA9RbY76DudlgBvOcL1NHftMrBLonuPpg1up12DThl0"
    "2SY5ex6hzulqvme3OXmZmslbY7LF+StMgQpB4ZwQG0GcsX/SXkiW4vADp9vWoRWIbLvl6v"
    "nNzXWCoef99BZ5/+H86vbZC8lJPshiGU5kx6KiDIHB/xkpMM9fVz7xnaU2p+ul1ailJWpM"
    "GI9oWUbfETTvPZJapJIG6TynR0VqOxxl13Y4WokR0GGEWcjz32feYHvZCW1Fh7Cs/Jcz/8"
    "DS8Qp7jVfQnt/9eH5HQZLA5gbeliWGbNWuG3p9FZbduEc427Z7mfA/rzfv3ogkCmjbgIlU"
    "jLAAlUUBWSDzDEDge0QAGfuJ9LJmFSUOYlORNs/8rHrwQJioV4XssUjZoKvm3y0/S5kAEs"
    "uFouhvuSwUuR+xSGKdprHnNA3O2tIJ+ZxGZ+NnK5KFAo3D5VEK+TiVBn9j8B/5r1XvLuur"
    "wwW0OzTii128pCG/c9G7vj6T+/8XzOXxu97bq7Ngw/+Cf7vncoksFMe/BhU0X/Cb/vXVJX"
    "++ZSPzC/7U+58hisst4NKwGlJETpxLRMG4bA9ARKHt/+Xt/zO4tAlUAP7r3c0gI+E+Ikmr"
    "3NaIgX+BbdEi+9ThIC+wyEc+DXI3qS+LCRSeF7Zx/cqQeIdbFB86R2bZTYpvQ/diz/Gov+"
    "C7q8Flf/D2DFCETc4PeWUoPzK+QfX8HQp6W9T94OLqdtgTu9Rc6F8MNmWjgowhZ6ZS5TJP"
    "9jhJa5K3jl6cvDp5fXx6Ep7m4ZW8Q1xRu4hrGuUtgJyqtda/A7H2FXNCui5RWJqyj/WQQJ"
    "/q5U91b7PdYDl5hHpFHcKK0m799jN59xXHGsbMbafhb1bxwNHVDnRdt/0jrOu6VXTsNbmu"
    "W8N2iPrKuim23xpQbV26WRrY5EnVqJJ5Xt6oysMaJJTmuFfDvNWCVfNgPOUFLCDmjBbV7E"
    "RROwv7Xk5Rehz7lcmRiwAmTPZQ4UPFGLwEDn/BhNUJ8f/cJ2uE6H+8FNqMmno7eazS4frg"
    "koUfXxEsrrS/VXtY9+xhjVhUFOsYSQvlm7oaQMXzSb8qDt+cJCh/fCvA3bX9SPRF28CwIM"
    "h0EydtVWj+gtq2vqujW3V0675Rrye6NeyvpCuc16UK77ll1Ts+KtCWFTpb/HY3T3OLDSzd"
    "teoHGkamygjUBRR9WUVHKK73OIFetZhao2lQxcBiIq5VFirP61BVw8zrwl7TpU20RtY8jU"
    "zFoxXc88IwWbLgjA6GzeRXsXjMkCGyxM3G7JBFbSowo2HGv/3wwkGmBY2Jy7c/JSPygi05"
    "5VtB2B7f166V6+ZbMlpTUkSYGrgQ6szKWjIShDoQptHWjOxI/wwr1e6j+4MlvAPJqkh29n"
    "F2dvbxSnY2ZAyOpg5S9ZPMDhJPUuk48c3jxPmJu1lyvEeoo7yav4O5aGYvuWBsVNZa5ExD"
    "MqxNeWkY1/fUzpU+8hUomluX44ak++STafgrq45BItvG2uNv/gR6QVRcELJmlAGpQcYll4"
    "Sk7NGbseZAFQ7ogEodUNlAl8f6gMr9+Dxy/B2FfB3l/Bx3yfIaMGrGStxUIBmFlhnFj606"
    "NqpNpe7gGrmlXCSPVHX71tg4LvBaQU2aoG1rYpp4w1aHPHFpaewSR1f/aIQnRJsbtbmxEc"
    "dHK5R1ixqiKp9C7M2vs3qLlDUTtlllNbxysGVW4wdPcSUjTqVdthvrGNqwrg3rzTgktGG9"
    "EWw4uLPa7x24NCoV2wlmuatUdGc3bG5tvZ2QlaUriQSUV7qiyOaqjQOXxgMyTDLncJQVfj"
    "nxObqMSLUIXEIEjtloSshiPlV7orS2nV8W2rBKaRpxqtaU9NqxmqGzkbZe5CRhkS2BsyR8"
    "w+nauo/Uj3UYy1F2v5aBGxrnojgLcba0C9Qjau3OsYvMOp36VX8VFO+1rAHVlmcqJtZ8AV"
    "yDvbgGZFtfXiZ1biXQ5d8BDO6vrzsZUsXu9oMDBXdFAKvQQMZM9CNJqSolusjEu5+0A/WV"
    "tV8Zo9atenVcpROLbtkcrFTQcYtA22ZkkgwIU4QlBYFi2TFJYkTBgKThFAEiegURzJc8lY"
    "xM9Qya8M2AAij7AIlIZ/7njA/l456JSCMgswV/PAOOqGIlm1gByuVspGxLv4PnqUtlhZ1u"
    "wnc7q2TW586cxhoZISwcQTpYad+FtHSrov2G2Gca44qE119kmeU0K4qzwqLGg01Gj6W9LB"
    "Y9j+i0i6WEiyX0LY7IXBWNkffuB7QXAal2A2yY0QD5gWwaHEXLXmVBfkSGR3sfkOqgjCYH"
    "ZdiQMkMEq5eRqATRHawgVzWModt2Z+qe2pnIt7endqDGlOS4IGstuw+EvYV2TjolC5wtou"
    "f4vQRhpnTegg20fv9izDpQFGVB0laAd+FanCtLaG/LCdYwuIu6EmLvZRHPYrhjaB/NOudi"
    "enPNcIEV8dHILHdp9axoU++FEx3u0ZvvhNiDO+sgcZoKYOpx1KQqvLYRLVlksiZ/liw52S"
    "agtunOuuPvlfc9Vzxawa1unlPLH1S0oHA8Af4HCvymGt2o6covQJT/fURLUeJX9CcAhKt+"
    "AArX0xTSqaKUcD1zKvxTKQ+U9jXtwiSS7WvSJpLv0ETSnK6pBZiu+5tsZifZve7euBXccu"
    "W9aXhX1d733BIiHbqlkN4U0V3ZUlxqcOH2EEHnBoIBJQ56IOaSS2Az/p7w4RCbooeD12hP"
    "fAhHjwGZu9QLMLIYeEA2wRP+magaRWzlGWWjkbrFukh87qRvFhYY83zWSpFR4aj23+DmSo"
    "w7dFTrmKVm8EHHLDWZFbrbSjMYogu07psDOqt561nNOXtNTkpzzg7TAj/t1uvg6vzP+vM/"
    "nUin0mmKazLpEou+UTWGk/6iHBU6dCitV6CHoR+riPosvV4FFNtAic3rp1hprsIdFMNmcJ"
    "X6J2pdd1e6bkO6+DXtWNBC/vfJAZmxUN6VJMha6zxskyPJosaEH3mKxZWfiPXWJ9JZWCWy"
    "sLTGvG2NWTeN0U1jGqjTrW8ak94mtAGiugFiP0ry/UyINh2Fduzf6eapxd6Y4sGBczne01"
    "EXkAIGHxGWEXwcrC5YcN1UFJQAIzK3TYCJ8OuCKddvbWQqIwMrT7jGUezN73+wTISZxZZa"
    "OW6S9K8dwc3gQ0wLiy+a4tB7ZBr9iuiHu1QJqTJO04I+U9vuFFKpewGt1LVgM6D9E68k3p"
    "13vcGlbEfg03/Bv933bnuDYX/gtTSALuTvDRZ3Lm9vPn4UV02XzGb+s/bepcBFI2Q9bWQU"
    "CkjbGmDc4qDyGVzaRNUSLLspRYykDU7oPGZuox1F6SYgSDf/KIf2ilVjT/oiVZdHDOLEc3"
    "RFWrg8Yi+7q+ovso6hX5nQgUuhz3GZXZU3tuEkOlGsIckN3RzVTv6/xHYTjG+BcLvzrd2B"
    "qgJgOVt7QKC39g1a1gYO/cycqSL+/Pus7KnNfMnfjS0pmT5VdpOJ0+h3v/y7b0M8mYtgsh"
    "GXHsqcpAHhhU/XBvBTNowiZ+px9pF6/DKtGVvUiAQixS6T71DvJ0i1W72MW12nuX8fFokS"
    "Gls8hmyEKDVsCz9WLlUkZrrmEx3gq1CoqEyg38mEs4potcz9nNzqw81aI7XujZrPKtcIu5"
    "CTtBUi04Xjqq/QpZijrQDVUxOs5fXAZkGvlM0RKhiE1TCxvhA6NFZ0a3OAYvW92vIKbdOy"
    "3UOuNZp2FLZt/043z7oNozHrzNvZMNRsev5ewoyOXpy8Onl9fHoSWoTCK3mGoPUBRKJXkr"
    "IFdbYpIkbSwgDdGm37MZWHL6oSCPvDW4jui+fPi8Q/PH+eHQAh7n1LK0kMqZqo/Hp3M8iw"
    "M0QkaSuDNWLgX2Bb9IDFNxW4Aox8e2badNlN2gjEBHt30377P9x5P5w="
)

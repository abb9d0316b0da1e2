from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "Moves" (
            "id" BIGSERIAL NOT NULL PRIMARY KEY,
            "movedAt" TIMESTAMPTZ NOT NULL,
            "undoneAt" TIMESTAMPTZ,
            "fromChatId" VARCHAR(36) REFERENCES "Chats" ("id") ON DELETE RESTRICT,
            "movedById" VARCHAR(255) NOT NULL REFERENCES "Users" ("id") ON DELETE RESTRICT,
            "toChatId" VARCHAR(36) NOT NULL REFERENCES "Chats" ("id") ON DELETE RESTRICT);
        CREATE INDEX "idx_Moves_fromCha_d32092" ON "Moves" ("fromChatId");
        CREATE INDEX "idx_Moves_toChatI_de7262" ON "Moves" ("toChatId");
        CREATE INDEX "idx_Moves_movedBy_898c6d" ON "Moves" ("movedById");
        CREATE TABLE "Prompts" (
            "id" BIGSERIAL NOT NULL PRIMARY KEY,
            "telegramMessageId" BIGINT NOT NULL,
            "about" BIGINT,
            "sentAt" TIMESTAMPTZ NOT NULL,
            "peerId" VARCHAR(36) NOT NULL REFERENCES "Peers" ("id") ON DELETE RESTRICT,
            CONSTRAINT "uid_Prompts_peerId_d954cc" UNIQUE ("peerId", "telegramMessageId"));
        CREATE INDEX "idx_Prompts_sentAt_267780" ON "Prompts" ("sentAt");
        CREATE TABLE "Reactions" (
            "id" BIGSERIAL NOT NULL PRIMARY KEY,
            "emoji" TEXT NOT NULL,
            "at" TIMESTAMPTZ NOT NULL,
            "updateId" BIGINT,
            "messageId" VARCHAR(36) NOT NULL REFERENCES "Messages" ("id") ON DELETE CASCADE,
            "senderId" VARCHAR(255) NOT NULL REFERENCES "Users" ("id") ON DELETE RESTRICT,
            CONSTRAINT "uid_Reactions_message_14a3d7" UNIQUE ("messageId", "senderId"));
        CREATE INDEX "idx_Reactions_senderI_154dd6" ON "Reactions" ("senderId");
        CREATE TABLE "Versions" (
            "id" BIGSERIAL NOT NULL PRIMARY KEY,
            "text" TEXT NOT NULL,
            "formatting" JSONB,
            "kind" VARCHAR(32) NOT NULL,
            "replacedAt" TIMESTAMPTZ NOT NULL,
            "messageId" VARCHAR(36) NOT NULL REFERENCES "Messages" ("id") ON DELETE CASCADE);
        CREATE INDEX "idx_Versions_message_48d2f5" ON "Versions" ("messageId", "id");
        ALTER TABLE "Coupons" ADD "code" TEXT, ADD "url" TEXT;
        ALTER TABLE "Chats" ADD "couponExpiresAt" TIMESTAMPTZ;
        UPDATE "Chats" c SET "couponExpiresAt" = p."expiresAt" FROM "Coupons" p
            WHERE p.id = c."couponId" AND p."expiresAt" IS NOT NULL;
        ALTER TABLE "HeldMessages" ADD "formatting" JSONB;
        ALTER TABLE "Messages" ADD "formatting" JSONB, ADD "deletedAt" TIMESTAMPTZ, ADD "editError" TEXT,
            ADD "moveId" BIGINT REFERENCES "Moves" ("id") ON DELETE SET NULL;
        CREATE INDEX "idx_Messages_moveId_c4b4bd" ON "Messages" ("moveId");
        ALTER TABLE "Peers" ADD "spokenChatId" VARCHAR(36) REFERENCES "Chats" ("id") ON DELETE SET NULL;
        CREATE INDEX "idx_Peers_spokenC_dc8904" ON "Peers" ("spokenChatId");
        ALTER TABLE "TelegramMessages" ADD "part" SMALLINT, ADD "telegramTopicId" BIGINT,
            ADD "hasLabel" BOOL;
        ALTER TABLE "TelegramTopics" ADD "state" VARCHAR(16) NOT NULL DEFAULT 'open', ADD "title" TEXT,
            ADD "hasTaken" BOOL NOT NULL DEFAULT false, ADD "changedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
            ADD "createdAfter" BIGINT, ALTER COLUMN "telegramTopicId" DROP NOT NULL;
        UPDATE "TelegramTopics" SET state = 'gone' WHERE "isGone";
        ALTER TABLE "TelegramTopics" DROP COLUMN "isGone", ALTER COLUMN "state" DROP DEFAULT,
            ALTER COLUMN "changedAt" DROP DEFAULT,
            ALTER COLUMN "hasTaken" DROP DEFAULT;
        CREATE UNIQUE INDEX "uid_TelegramTopics_ours" ON "TelegramTopics" ("peerId", "chatId")
            WHERE title IS NOT NULL AND state <> 'gone';
        ALTER TABLE "Users" ADD "seenHiddenAt" TIMESTAMPTZ;
        UPDATE "Deliveries" SET payload = payload - 'start' - 'end' WHERE kind = 'message';
        -- Old messages are of one part, or of several in the order in which they were sent, and all are labelled.
        UPDATE "TelegramMessages" t SET part = numbered.part, "hasLabel" = true FROM (
            SELECT t.id, row_number() OVER (PARTITION BY t."messageId" ORDER BY t."telegramMessageId") AS part
            FROM "TelegramMessages" t JOIN "Messages" m ON m.id = t."messageId"
            WHERE m."deliveryState" IS NOT NULL) numbered
            WHERE t.id = numbered.id;"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP INDEX "uid_TelegramTopics_ours";
        DELETE FROM "TelegramTopics" WHERE "telegramTopicId" IS NULL;
        ALTER TABLE "TelegramTopics" ADD "isGone" BOOL NOT NULL DEFAULT false,
            ALTER COLUMN "telegramTopicId" SET NOT NULL;
        UPDATE "TelegramTopics" SET "isGone" = true WHERE state = 'gone';
        ALTER TABLE "TelegramTopics" DROP COLUMN "state", DROP COLUMN "title", DROP COLUMN "hasTaken",
            DROP COLUMN "changedAt", DROP COLUMN "createdAfter";
        ALTER TABLE "TelegramMessages" DROP COLUMN "part", DROP COLUMN "telegramTopicId", DROP COLUMN "hasLabel";
        ALTER TABLE "Peers" DROP COLUMN "spokenChatId";
        ALTER TABLE "Messages" DROP COLUMN "formatting", DROP COLUMN "deletedAt", DROP COLUMN "editError",
            DROP COLUMN "moveId";
        ALTER TABLE "HeldMessages" DROP COLUMN "formatting";
        ALTER TABLE "Chats" DROP COLUMN "couponExpiresAt";
        ALTER TABLE "Coupons" DROP COLUMN "code", DROP COLUMN "url";
        ALTER TABLE "Users" DROP COLUMN "seenHiddenAt";
        DROP TABLE "Versions";
        DROP TABLE "Reactions";
        DROP TABLE "Prompts";
        DROP TABLE "Moves";"""


MODELS_STATE = (
    "eJztXWtz4sjV/isqvmRT5aRm7FnPxvtJA5qxMhgcwHY265SqjRqjILpZSQzDm+x/f89pXR"
    "AgyZK4CW1/mTGtPo14Tl/Ovf/bmHKT2u5f1eGQum7bYpPGjfLfBiNTCn8kPL1QGmQ2Wz3D"
    "Bo+82KL7qp9oJy+u55ChB49GxHYpNJnUHTrWzLM4EwSKa7FXm/5l7lLFBrobxeOKN6bKjD"
    "BqXyjcEQ0WVYgyoDZ9dchUIcMhnzPvZ8XyXHg8oUyxXGVCZ57Cmb1UiAu9x8Qd/xXfwuRD"
    "eA34mmN94ZxZv82p4fFXCgM78LW//huaLWbS79TFj7824OsdwzIb/8Yns4kxsqhtrkEPD+"
    "GRaDe85Uy0NcfE+Sx64u96MYbcnk/Zqvds6Y05i7rDz8bWV8qoQzxqxvjA5rYdcC1s8l8b"
    "GjxnTqP3NVcNJh2RuY3cRGr/DVZtDcPodAdGXxsYRmOL0yFFjBdB05AznCUW81zx+6fku2"
    "FT9uqN4eP1h9/971nh4PfCL3xUe81btffD9Yc/4xdymGr+NOwETy7Fo9/FEMQj/iCCASuY"
    "Z3Nnxl2ajLXG5lOBtw7vSNiQbuEeI98P+GHDCv3V0ikPf6Ovf+nonRuY/a/MYs9M7zzqA3"
    "Wgd6HNYt8sj4ieJVj0/joHi95fp7IIHyGLViyh32eWQ12DeNtcaQGUnjWlyasgoFS9BH6Y"
    "AeVfwz/2w51jro0MoAf6ndYfqHf3OPzUdX+zBVrqQMMnl6J1udH6wyZTokGUJ31wq+BH5V"
    "/djibQ5K736ohvXPUb/KuB70TmHjcYXxjEjAMZNodNa0yGDdAswWEk2xt7A94deO39Udkr"
    "zrcCRxiS6Hs8xk7MzfVd8vLHH3Nsk9ArdZ8Uz37/HeWF0STxKEMAtwH/zB0Km/5Xutw6yT"
    "ZwDoS9h2CYM8P793A+ha2rBe6QRSRgxWcm/Hb4xdTzJ6bab6otrSEQfiHDyYI4prEGNT7h"
    "l3yjJeq7/Wh6Od1sIYy8CnDwV+A7RyK2Z30jwY9OEMCjp28I4GG/3AI4AjafUkfhM8pQjh"
    "2OiXejLOBflIuXysKxPKosLJgrc09xyRK4AI+pA8ONHD7FXgzk4AuUiaeUME8ZgRRteUnS"
    "94G/LY/oPaPRBIDzBx7/2sCXiDUVksk/Wa868wpI5Tg1N5ZXME+rK5S/4iv85W+Xl1dXHy"
    "/fXV3/9OOHjx9//OndT9BXvO/2o48Z+90n/YveGazvdNiQLarPZ3i2J54qWUzwyRJPlgRW"
    "nMFOd0xurNCHvcb6Rp2lIVThYiwIaZshqeRDaT4Ul5nJEdUhKTCXFJhjR1BegRlJaiswX+"
    "UxK1ylmxWutswKsXM/L8JIIhHORDhDH0H09qCP3NNa6yOxabmmj/RgS+npzUFja5vYA6bN"
    "YJiaYhrbTFMwPZGS53lkOJ5S8eLbSt7q6UWmkhf1y63kjSybKnwE+taUui68nHB0QANnFD"
    "QqUL5AmxrDb7gRvhCHL5QZcV3qhjoXqme+nyQYIKDylBc65NCWpOwd6VsTlL5fGwFBMAvg"
    "tLYEGkLdw6800jps6IvSP3OMUzrDPxMyZgvs/pTYdqrKEaerk7ZxdfnxOtIv8EOWRtG/U9"
    "vtbRViAj+hrMMrpK2yQNQYaP8cwLKg371npnb0u8DRRZg1FcYxaH1o6V1omZsWf2atbvPh"
    "TusADfBhjjvrM2vrj5pxf9sdQDfUXo3ZmHvQN2gKPvUHevOr1rtRXM8aTqjzzB71lgbPv1"
    "km5cEnfFctaAIFwKPQ3tWb2MStIXxq3mrNr229Dy8wHNPhxLZceINmtzNQm9jGGez40NIS"
    "RKag+aLewd+vwFL4G95VfVJ/gc/wpmRBlqs240nvdLRef/XMWFgM2OQKL6D/HhYL3qTdbQ"
    "Zg2XwYYHWv6i3jTmvpKvxsYuHWaVoE2rvtNrRw235mcKreQp9+X/0CwznWcBxusIhRt/cL"
    "IsQdeK9HrfOAv5yyOTx76HztdJ/g6+ZsAqoRw5aeprbUT20NGx1KTDF5ymxOl3k2p8v0ze"
    "lyU4WANeGVdhVHxBVfOm3tS0+9w+XjRz88szu939c7X26UqeVi+EQ13MQvPFlhzjJEAc0O"
    "hsCK+QtPY38Kp4WB0l0iAwaw7ybDH9J+BtId9OqK8SHLDAUH0ZoFKpzQP9yp//zzmhWq3e"
    "18CbvHFkCz3f2UyYFA+i3PiAcxgGRHWXbguYaKxIQui7AgIPvqU0ngiwMvpr/4UAB2JOoE"
    "NBL04qBPrSn1ESsAOhINAhoJeoktxvq/BLyzBJ2QQso5ZeWchWWC4FoI9IhEol4W9TG1Xs"
    "cFvcsrGol7ae/+3CHJZrZMv36MSmJfWqOyPLvQcRoRyLO0+Fk6o86IO9Mk12Q64mtEEvXi"
    "qNMp/49VBPGIQKJdHO0EB1deRxWS3vmU9TEJHDq0pBzUUwnzTvElAX7bkBcOh7hbjXReiO"
    "cNiFifoDniTOI7yB4Avl3tKvUFOWHXrVKGgYj5SQg7CWOB0gNOsEfOUJMnjM/A8I4o0J8w"
    "UzRYbGTPKcwSB6P6Ma6DkuFY4RiyoZAXjPb36eYzzrajSfY5cGLAiP884Fv4JVGK7loGwe"
    "obg+5+iHmYz4Y0GGay1c2h3yw3ikKJf8f6GOJxGBcmM4RPHYFy9LjRiu1/h5aegpVXPu3X"
    "H0Dbc/JvxbhQq2B3h8b2y0Ks9imPmeEtuVySy+unYhEuB5SSy2fAZZu4XklbA5JKW0PB0z"
    "ISIreAzrLUx6mOFw777lAYn8ROvyGw507TCshqm0i0t9oGCUJhUaiRSAJdBOgtLTW3QhkR"
    "SsB3qNrhz9k92Nia0UBnhnnurK74lpAnVy7YePeAbc1romycbDmwXS1+ie5b6G7tsIVzEm"
    "PZ/+sFXjYEwID489cetdMCMxIrytQE+aSCFRbdEalWULzi/FSRfDA5ZOTtChGOUdd5FOi2"
    "O0KU3/t1liDZfGUFOBpS57jcpvwbdQ0+T4pxLAISDFNrhKwkA8f+ATrLxeaO+YIZiSagAg"
    "jlrKtxjlPInWGNZolQOkJRDtl+9uywUnbNTzmPz6zhnqAa4Fh1AuqgsSu+bSMpeiWyemTE"
    "r4g+eYulsFhEyZ9chY9G1LnAEu9Yh8S3QSgz4DIGBCs+8Qt1k+td7jZWnmqW68qlDBY5lg"
    "E1PV7kyOH8Fd0fjhbrHH/NAqBvkB0P+kajJsAPYaMtgnjYvw5O3mNjPXfsIlAH3SXSxZG2"
    "phjHUBBvQfQgQS9fQoE4XpnIP59QhvxVP0yoOpe6SCYfjMkW8Bf9SknFCji3KWEp+6erRm"
    "QbHH4BukOJYqEiclyufup222sM/aRvbpEPd5+03g/vBSehk+V7CrcjkoJ6XAb8M0zAPHtd"
    "BcR9K9k3K5dWpZYW3lWXXGIoI74SaPZZX6hCmvx1ntp+1+m1/a63avvJmPRU5LEIY5fZy0"
    "ZkEj2HZRVMzuwDSwa/nTT4TYYRnSaMaBhmdJb3Y9SshPxB3RdRCFGCAyMeXpTuwmitBTO9"
    "7cXoYsYrsW2/YHp0ka3lKnxBzZtVSXa/PjvOB1Gc3eVT6o3xzi0vuJJLeeFYcd2l9gjzax"
    "MKvR/4uxKzdWNJmS79TSyLhETd2D0AiQSYZxtLXZHekxOn2h6/pG/VtqfTZLZEK6IQ8nEq"
    "CX5p8GtfjT8qCx9VhA9aDK2lD6Jmg5qW98x6mtr0K9CD2jH0K9APuvd6E29qn1nDZ9bS2p"
    "rfQ4g/fo36Xhf0gBtl5vDpDEb5xwPIQ6IP/DTX7/NZb2utG3ErifnMsDQ+3oiNBfHxRmz4"
    "BaIUPuOeqITvfw5e0W8M3nCg3htqp/+EZf89MjMIcxdY+b/ZvbtTO1gqv/OARfunIA9gQR"
    "A23zwy8+y2+y+YPiNLm5OEufb3freTUshgRbKp2FpDT/mfgjcV1MowhFhk+zc2XRkX61op"
    "DpDg3zirewMa0HVOw+mQe6HDonvAFeZTP7O+1mmJewNcykzgh2gZiI+wjD6rwXok/oJ86D"
    "S13kDVxWUQoOV4xKrIhfTE8yjsKgkKU+rZGCepTb7t5fsPHz/8dHX9IToPo5asYzCp2igt"
    "YWcDqtra2M7EppbP1ec4vFB1zYhA+s6L+879zbbEcvIJ5Yo6hxUlnef1Z/LxbwCuGDNlld"
    "ZawCzvWZb3LFfAoXNxRvcsV2yHyF024s1rlhO23z2gWrsM4U1gc5VrTvfzHtSVKVL9k/yY"
    "YQ2ADCdmVGogZyFhEs+fUhaEAaOxwC/W+bVY4EtUFmPK0Hu4VBbUoWirVVyYT9AV+7ClMo"
    "UJllJReN/fkOisfHH4IohNCJfMW0WFhWtyrbP0S57QL7liYF6sYyQ1lGmuP+QJv/uQHn73"
    "YVNqxMuai9iMwv61APfYNqMJnXkljAlIdkx70TG3FGlJ2MWSULUFdWgdV8aNyrjRU6O+n7"
    "jR6FKS02m/5wpsmvp74nte4nftJOhpG1fxpGtrsY55S2dEl7P8yY1iPkVs54JYnquMuINa"
    "1DRUsBZjazgOy2BYHkaMivtaEgpp7HPktwJKN2vjJOlrUiM7rUaWxKMt3LOCF731ikUyhD"
    "SVXzkvMQ0ZIoL0SrNDVEXagRkVM/idihdV16VrUwQFCzcRz8NX2gI8PaxynUpGVpaPrERj"
    "A4ih01lRW8YaoQx/qbQ947wi5KPttEjoLO42sJiB8pmpHf1O9YPXCbOmxI9eVx9aehda5q"
    "bFn1mr23y4E8G0MBVALsaA2rb+qBn3t90BdMNsMWM25h70DZqCT/2B3vyKoeuuZw0nGLf+"
    "qLc0eP7NMikPPuG7akETsMWj0N4V4fHfuIiOb95qza9tvQ8vMBzT4QR3K4yA7wzUJrZx5o"
    "GqAO8piExB80W9g79fganwN7yr+qT+Ap/hTcmCLFdtxpPe6Wi9/uqZsbAYMMp9ZnoneA+L"
    "BW/S7jYDsGw+DLC6V3UMw2/pKvxsYmEQvmkRaO+229DCbfuZ9fTmrRGlJjigLxhRfkJ/0O"
    "39gghxB97rUes84C+nbE4xTPlrp/skgpQnMGEZtvQ0taV+amvYiMnSYvqUkZvzZLVfpWe1"
    "X21ltZvUI5adELmcfjjFSOTJVP5kgjMedXkKmr/Dp0XEsYjyc0BYh6ij44fF8qSUi/RpHx"
    "HISV9+0hP7ZT5NVP7Sp7ugqU943bEnOuaklYr/9gllZHD15V+HzuylAR12tnqJkQZ8sDfj"
    "V8W4fhp7C3EnsAIXFshwhbgh6J4CMgn/zqbHMNW3tPXxH8EAckHsuCBENT+DuAYfFVwSgl"
    "J1uyPJgV04IIPwZRB+BV3mbwfh56leRTyPDMdo9Nr1ErxooPPbV05SyCojriBXTEGxeIL+"
    "eoEoEgUBYPWo9chtl1jmKmB7O4Bgt6ESIwZi4R8OFaJHcmB3vAgVd61wRm4GeV/ELukWD7"
    "BoQiwYPFICwga8J8s3Lq01yYDxSoQnSA+s9MBWzfAhPbAVYcTZWaAs10C/VoK0lV3WvUcT"
    "i0cdsqh71HK2Vd3jUkJ+zTlOJePYSivOMtZAxhrIWAMZa3BWMpiMNZCxBlVGXcYa1GOiy1"
    "iD2mt6ZnAdgbFTzdpwlP5OtWuPw+balq2NWFm4IGdIqcnCnLtcTIzerTK7ZUApt8vqb5d4"
    "sBVfX0gl19YOa2sKevoLNUw+BziKmiWB+BNtrUilcbKAcTLm6kyUDdLiDgVVfSTvQ5dDil"
    "zB21M7M7xzRVWbqvNHNgDL4jkHr8MbRCkUmtpIJMMyd5va6xEjBSa4IEQLYV038P1P8ni4"
    "TqGDUgToS5zz4ryKkiqAsk9U2y37GBW4ZImoPPGuxSok+9NyD6jWvKLZ2prPgWu4F+8B2d"
    "qXnt44t9bQhXdQOg/tdiNFqjjefnCm4G4JYHnKpgPNPiZuMEx9gc2esTKvYNe8ggTXQnAd"
    "dXmg4pdf1xAm3Ex3xqh2R84GRP4lrzuC1AuGqZHUk5zjOo1l0JSHayMBvKZzC3YWd/ep9e"
    "iPUqeZddAUMRQ0kvLDAgEkIzkMeuTMDAvzyPxsLpdP6Qs3l8qYuMps7inwU7lCGMdkLZHF"
    "daEQ21agKwch6QYIsCjskDDlhSpzZnKWcD/Igb4jIZdsK2VMSIjR7R+Y2QUC+dpnX5J8WR"
    "bP9soysibmeyUYWIPNIGvqnzbd64jm1fQkMJ9Hxd3/gk7ey3kG3n9/WZdgsU8oAzyqz+K1"
    "rXiLy+kmZqRryus5C7oFwyOtANCC7NNSGvPfMuavqRO8zJz2+I4zutpIH7xGSLSXSEPpG/"
    "a8zV03h500mNLSJ/UWtutrP6cFGjdm6ZjKZ9+PjrAdStzsx8xTP/POIS0XovZSguUirMmU"
    "brnAHjktF4MxVUD0x6xVNE8JBvoWhtAmJzJRXYUoL9xTsKgg/DmDrtDvByxWo7w6fD7784"
    "0yxZtHcSm7igtnNlWshMI3R/i+5DtPebjDRKbL9LtP526s0I075gu2bu1wZ3xC2foAsrzN"
    "Ce9D5cmiY5ZtCWjkJTulLEwJXoBU4T1PlctUIV6yIj8rLNd4sflwUjj7wHI/rehk6kGB1I"
    "Mon23I5yxB0M+a+yFtMySV4fElC4sSOKxNA1C07KJWT5/2ISSVhs8qGz4Z/e4Z5ryMdRtJ"
    "W3Np3j4DLtvE9QyseFlEbkaiPtlBeq4YQw+dzDV0KCmXCRxQ1tYZiOE/ZpfZy0YUvnEOSy"
    "uYv5kry6WgsRbnOJLVlt1nwt5cO+e6maLA7ikIpWuwUJLPuv2nCNiCUqJdBO3QGlcAZiSp"
    "K8DHyKaau8fM+6kY3Hm9K7F5mSeZKtqfpbf1rXyqzaMsR9ZPbEuW+L6F79bxtUuSCt6QQ/"
    "YQMq9GA52vJFm5LJWzxGmMwOzH43wLhPm9zmeJ1szh09muGWL3YpC6QuTxmTXcU4rKAMeq"
    "E1AHDWHwp1VSEEM04TLCGFYzu/DlPN6YigACTI9Ae+KF4nFlMbaG4/hlO0FCXBRmQBxP4S"
    "P4y7M8myLJCNiV9xafQ31nYkBD7OqqpGs4N4MaZE5GJXMydr5B1dvb1alV27BOdFXkC58X"
    "9OVGJLISVFnUsZRtKeM0845pnD7q/lRfV4S8DFReBloByfdij5eBHlKIjmoJJIjR8ToD6Y"
    "J0L17U4G1R+pYvVvnFoiCCi2IpUQIh5UZE8ILMCtLoVIHn458Vj0woU/AHX2CeseUqFGT3"
    "5bbMvO/BE4XjdWkqdnPlVqjvxjMpIldORKZT/h9rmwEZ1axDAnl7ZeFC1sVlMCKDA6ofHD"
    "CfISMKK5c+mSxzu5tyk6XaZ+QRZyj0UuiVpVerEywwXflXdlQw6uep2dQx1veCNTWjqfab"
    "akuTJVhLubRzlGA9jfbWB46nKG/ho4ss3S3olFN1U5lisZE9p3j1059c5cXhC+D8heLCbK"
    "EmPPwZNChXmdAlqlETOsP6UPZSIZhxOSbueFtj29OYeQpNRYmXMqPyGCHh6UqXDBH/A9pl"
    "6feZBaOVuU/Rp6yrLf5MeJxPFTx6NG3lVnDNw2mrhveu8bSRYHwaAW6zNm2CIJdQvjZdoN"
    "vonFewC+3jIFpF9nMQxmYwT6A7YaYIP8GYEfEh6j1S+NwJioZanvJCbc5e0eSeIOgd5juK"
    "1uO4yBfR8mtjrSbHZk9pya+cJV+W6ZBlOiQrZLxXlRiC4ZfbHOhPiW2n8iCkqZFL5Ory43"
    "WEM37IQrZ/p7bb21COiWvAr6QJdTgyK9AAXTskK1eApmKYHqf8TLSViOj20huJiGeXLr4d"
    "o0Yxd4kasAD4qBgbfErV7Y4kB+Q1uVV2r57KjV216X3c0E1ZQziP6ahgAeETOKwrNov34K"
    "8+tWN1PSEvwyoXZey9bZMbRImCeSxyQvDKYSsL7WKWq4hckSTL205j5U4Qi0TFDGOaNJ5V"
    "0ngmxf1T80aK+9XhgCj6WeKeI7fGkQl18lKD4OUlCGioZ2hsPt0Sz9ZjOkPiIyYA8BlljW"
    "KMbTR7mjrQO19uFBE0A7x9Zt17rXOj4GjP7AuAe6O8ghCwKTDkUU3e51FN3qerJu+3NECR"
    "oL7NlPRMjIigDorfsVMx0JwqEp+Km1MHIZms513AoAoSMHstF/PmU9b2ZKlxzFsU6Djykm"
    "J0smS5MNIxpJTSnDTeVsmqKFPuZcp9xc2Lb6fcb24T0ha+uy38NPbaB5FM2kgw1AZPLrIs"
    "tH6f/Fkwfuqqby5dEDcoIYCpKgDWhTLCm8RcBeMU8X8LO1l+JYIXqoA4Z9rUvFCg12JMxd"
    "ViypDPbVNhHOMbE5NkjvCVb4RSrqX5WiZloIAtZSmwKgk9MjqyGnw4fW68RL8Rd2uk5qXk"
    "8Wo8pGWoyHu08t4fF54WBTSEOE0Naq1saAiXeTSEy3QN4XKrPsG52bQDmaSoWbunNTX9UW"
    "vdKA4dUusbNZ/ZrdpptbEpGPOZ/eNB7amdgd7B1t/mxCEwlxg+afW69/fYajp8Ngu+/+TG"
    "7/C3lDAPhqR1TY+ssXlwRpY2JwmnUrrTI0Yi3R7F3R7UcXiC5SSj3FdIINHOh/aW1epE9g"
    "A3+XrzMMs1wxbg5r7eXF3V3Ub1O17J4mdRaDC4WXxKlqiFgz6VVACj5CBvV7yQZS6Okpp9"
    "kaF2i/8LbDdh/xoIvEff2qck6ZLerEqOJPFqXrm150C7Epr1Jg/+MHa+9eIPRTeZOI2c+8"
    "Xnvk3Y6xzj1ocgPRQ5SUPCZkBXB/A37Bp5ztSr9CP16sftuouUGWPLNEtfMHsriOX93NWP"
    "y7RcYyX8JpwoWYFplquvkcrgtCLBabIg2x/D+lRAO48nJAyp6xq2xSY738KII7VhoDOcCm"
    "khEusrKdDlRTWUHdGqWSjJ+lYfbdYSqbdm1Hy28/WnTTFIXSEyHTLadQq1cIy6ArSf607r"
    "V0B7HST+bWeEYIi6woPRlLveA5sv3rSaGlY2Ok78EqTyCMVvXKrjJHJj9cbLoxQrbV4XkA"
    "7pC3uEhZtSJD58dJHlEQs65XSKPYkCnlH5TryqVnmhI+4HnWLoKjVBETW3PWGFKPMUfF+v"
    "LyHLD1Q2OtWj3xMsDxmpn0H/WuSOHNt8DQtqSjxMCN6G/O/9bicZ8nWqTUuPNfSU/ym25Z"
    "5hVloG/ghHNv6bUF+sm2lwgE38J/A7k70GbwfqhbRH9A+Ha61IkB5OROAzUD4ztaPfqQO9"
    "27lRCLOm4miH1oeW3oWWuWnxZ9bqNh/utA7QALvmU8qArq0/asb9bXcA3WwsiDEbcw/6Bk"
    "3Bp/5Ab37VejeK61nDCXWe2aPe0uD5N8ukPPiE76oFTQbjHoX2rt7EJm4N4VPzVmt+bet9"
    "eIHhmA4nOJGhtdsZqE1s48yDMw/eUxCZguaLeof588BU+BveVX1Sf4HP8KZkQZarNuNJ73"
    "S0Xn/1zFhYDBjlPjO9E7yHxYI3aXebAVg2HwZY3at6y7jTWroKPxsORWMK5yCB9m67DS3c"
    "tp9ZT2/eQp9+X/0CwznWcBwWgUWMur1fECHuwHs9ap0H/OWUzeHZQ+drp/sEXzdnE8YXDF"
    "t6mtpSP7U1bETzp5g++U6TAwe54u32ZFgyTNInra2l+kws07kcQfJSu5Oklcq71vZ719pp"
    "Qh9Vitt/I0HbC55kKntk1ectVS8d0z3HJv5RtLDL9x8+fvjp6vpDpHxFLVk619v61beVmp"
    "93M42R1HAr3WPwZ8xPCouqAMJB9xqi+/7duzwJMu/epWfI4LONGAUQwilLkPvSddYYyU4K"
    "a9XQPobGetI4/t//H/RFjRM="
)

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "Updates" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "botId" BIGINT NOT NULL,
    "updateId" BIGINT NOT NULL,
    "state" VARCHAR(16) NOT NULL,
    "receivedAt" TIMESTAMPTZ NOT NULL,
    "payload" TEXT,
    "error" TEXT,
    CONSTRAINT "uid_Updates_botId_f446d4" UNIQUE ("botId", "updateId")
);
CREATE INDEX "idx_Updates_receive_87d69e" ON "Updates" ("receivedAt");
COMMENT ON COLUMN "Updates"."state" IS 'HANDLED: handled\nQUARANTINED: quarantined\nDROPPED: dropped';
COMMENT ON TABLE "Updates" IS 'An update that was taken in; raw, where it could not be handled.';
CREATE TABLE "Users" (
    "id" VARCHAR(255) NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "telegramUserId" BIGINT UNIQUE,
    "username" TEXT,
    "languageCode" VARCHAR(35),
    "isInfluencer" BOOL NOT NULL,
    "createdAt" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "Users" IS 'A consumer or an influencer; one person may be both.';
CREATE TABLE "AccessLinks" (
    "id" VARCHAR(64) NOT NULL PRIMARY KEY,
    "purpose" VARCHAR(16) NOT NULL,
    "expiresAt" TIMESTAMPTZ NOT NULL,
    "usedAt" TIMESTAMPTZ,
    "userId" VARCHAR(255) NOT NULL REFERENCES "Users" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_AccessLinks_expires_c3ade9" ON "AccessLinks" ("expiresAt");
COMMENT ON COLUMN "AccessLinks"."purpose" IS 'SIGNIN: signin\nINVITATION: invitation';
COMMENT ON TABLE "AccessLinks" IS 'A single-use link: to the panel, or to tie a Telegram account; its token is kept only as a hash.';
CREATE TABLE "Coupons" (
    "id" VARCHAR(255) NOT NULL PRIMARY KEY,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "imageUrl" TEXT,
    "startsAt" TIMESTAMPTZ,
    "expiresAt" TIMESTAMPTZ,
    "isActive" BOOL NOT NULL,
    "linkKey" VARCHAR(62) UNIQUE,
    "createdAt" TIMESTAMPTZ NOT NULL,
    "influencerId" VARCHAR(255) NOT NULL REFERENCES "Users" ("id") ON DELETE RESTRICT
);
COMMENT ON TABLE "Coupons" IS 'An influencer''s offer, as the coupon platform describes it.';
CREATE TABLE "Chats" (
    "id" VARCHAR(36) NOT NULL PRIMARY KEY,
    "createdAt" TIMESTAMPTZ NOT NULL,
    "updatedAt" TIMESTAMPTZ NOT NULL,
    "lastMessageId" VARCHAR(36),
    "revision" BIGINT NOT NULL,
    "consumerId" VARCHAR(255) NOT NULL REFERENCES "Users" ("id") ON DELETE RESTRICT,
    "couponId" VARCHAR(255) NOT NULL REFERENCES "Coupons" ("id") ON DELETE RESTRICT,
    "influencerId" VARCHAR(255) NOT NULL REFERENCES "Users" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_Chats_couponI_665786" UNIQUE ("couponId", "consumerId")
);
CREATE INDEX "idx_Chats_influen_1d8162" ON "Chats" ("influencerId", "revision");
CREATE INDEX "idx_Chats_consume_ef7f1e" ON "Chats" ("consumerId", "updatedAt");
COMMENT ON TABLE "Chats" IS 'What one consumer and one influencer say to each other about one coupon.';
CREATE TABLE "Lines" (
    "id" VARCHAR(36) NOT NULL PRIMARY KEY,
    "botId" BIGINT NOT NULL,
    "telegramChatId" BIGINT NOT NULL,
    "isBlocked" BOOL NOT NULL,
    "deliveryCount" BIGINT NOT NULL,
    "pausedUntil" TIMESTAMPTZ,
    "createdAt" TIMESTAMPTZ NOT NULL,
    "seenAt" TIMESTAMPTZ NOT NULL,
    "shownChatId" VARCHAR(36) REFERENCES "Chats" ("id") ON DELETE SET NULL,
    "userId" VARCHAR(255) REFERENCES "Users" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_Lines_botId_1b0161" UNIQUE ("botId", "telegramChatId")
);
CREATE INDEX "idx_Lines_userId_ea1c29" ON "Lines" ("userId", "seenAt");
COMMENT ON TABLE "Lines" IS 'The one conversation that Telegram gives a bot with a person (or a group): many chats share it.';
CREATE TABLE "Activations" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "updateId" BIGINT NOT NULL,
    "deliveryCount" BIGINT NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "chatId" VARCHAR(36) NOT NULL REFERENCES "Chats" ("id") ON DELETE RESTRICT,
    "lineId" VARCHAR(36) NOT NULL REFERENCES "Lines" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_Activations_lineId_a122af" ON "Activations" ("lineId", "at");
COMMENT ON TABLE "Activations" IS 'A consumer opens a chat: what they write without saying where, from then on, is meant for it.';
CREATE TABLE "HeldMessages" (
    "id" VARCHAR(36) NOT NULL PRIMARY KEY,
    "telegramMessageId" BIGINT NOT NULL,
    "telegramTopicId" BIGINT,
    "mediaGroupId" TEXT,
    "text" TEXT NOT NULL,
    "timestamp" TIMESTAMPTZ NOT NULL,
    "kind" VARCHAR(32) NOT NULL,
    "attachment" JSONB,
    "editedAt" TIMESTAMPTZ,
    "isAsked" BOOL NOT NULL,
    "lineId" VARCHAR(36) NOT NULL REFERENCES "Lines" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_HeldMessage_lineId_1127d6" UNIQUE ("lineId", "telegramMessageId")
);
COMMENT ON TABLE "HeldMessages" IS 'A consumer''s message that waits for them to say which coupon it is about.';
CREATE TABLE "Messages" (
    "id" VARCHAR(36) NOT NULL PRIMARY KEY,
    "text" TEXT NOT NULL,
    "timestamp" TIMESTAMPTZ NOT NULL,
    "isRead" BOOL NOT NULL,
    "position" BIGINT NOT NULL,
    "kind" VARCHAR(32) NOT NULL,
    "attachment" JSONB,
    "editedAt" TIMESTAMPTZ,
    "deliveryState" VARCHAR(16),
    "deliveryError" TEXT,
    "mayBeDoubled" BOOL NOT NULL,
    "requestId" VARCHAR(64),
    "revision" BIGINT NOT NULL,
    "chatId" VARCHAR(36) NOT NULL REFERENCES "Chats" ("id") ON DELETE RESTRICT,
    "replyToId" VARCHAR(36) REFERENCES "Messages" ("id") ON DELETE SET NULL,
    "senderId" VARCHAR(255) NOT NULL REFERENCES "Users" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_Messages_chatId_5fa5f9" UNIQUE ("chatId", "requestId")
);
CREATE INDEX "idx_Messages_chatId_4b8f30" ON "Messages" ("chatId", "position", "id");
CREATE INDEX "idx_Messages_chatId_cf2cc4" ON "Messages" ("chatId", "revision");
COMMENT ON COLUMN "Messages"."deliveryState" IS 'QUEUED: queued\nSENDING: sending\nSENT: sent\nFAILED: failed\nUNCERTAIN: uncertain';
COMMENT ON TABLE "Messages" IS 'Something that a consumer or an influencer said in a chat.';
CREATE TABLE "Deliveries" (
    "id" VARCHAR(36) NOT NULL PRIMARY KEY,
    "botId" BIGINT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "method" TEXT,
    "payload" JSONB,
    "state" VARCHAR(16) NOT NULL,
    "attempts" INT NOT NULL,
    "dueAt" TIMESTAMPTZ NOT NULL,
    "error" TEXT,
    "queuedAt" TIMESTAMPTZ NOT NULL,
    "chatId" VARCHAR(36) REFERENCES "Chats" ("id") ON DELETE RESTRICT,
    "lineId" VARCHAR(36) NOT NULL REFERENCES "Lines" ("id") ON DELETE RESTRICT,
    "messageId" VARCHAR(36) REFERENCES "Messages" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_Deliveries_lineId_1df5a4" UNIQUE ("lineId", "sequence")
);
CREATE INDEX "idx_Deliveries_message_c5abd9" ON "Deliveries" ("messageId");
COMMENT ON COLUMN "Deliveries"."state" IS 'QUEUED: queued\nSENDING: sending\nSENT: sent\nFAILED: failed\nUNCERTAIN: uncertain';
COMMENT ON TABLE "Deliveries" IS 'One call that Telegram is owed: a message of a chat, or something that the bot itself says.';
CREATE TABLE "Sessions" (
    "id" VARCHAR(64) NOT NULL PRIMARY KEY,
    "createdAt" TIMESTAMPTZ NOT NULL,
    "expiresAt" TIMESTAMPTZ NOT NULL,
    "userId" VARCHAR(255) NOT NULL REFERENCES "Users" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_Sessions_expires_73b37b" ON "Sessions" ("expiresAt");
COMMENT ON TABLE "Sessions" IS 'An influencer''s browser, signed in; its key is kept only as a hash.';
CREATE TABLE "TelegramMessages" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "botId" BIGINT NOT NULL,
    "telegramChatId" BIGINT NOT NULL,
    "telegramMessageId" BIGINT NOT NULL,
    "chatId" VARCHAR(36) NOT NULL REFERENCES "Chats" ("id") ON DELETE RESTRICT,
    "messageId" VARCHAR(36) REFERENCES "Messages" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_TelegramMes_botId_2fd99b" UNIQUE ("botId", "telegramChatId", "telegramMessageId")
);
CREATE INDEX "idx_TelegramMes_message_2dcff6" ON "TelegramMessages" ("messageId");
COMMENT ON TABLE "TelegramMessages" IS 'A message on somebody''s phone, and the chat and message of ours that it belongs to.';
CREATE TABLE "TelegramTopics" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "telegramTopicId" BIGINT NOT NULL,
    "chatId" VARCHAR(36) NOT NULL REFERENCES "Chats" ("id") ON DELETE RESTRICT,
    "lineId" VARCHAR(36) NOT NULL REFERENCES "Lines" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_TelegramTop_lineId_217030" UNIQUE ("lineId", "telegramTopicId")
);
COMMENT ON TABLE "TelegramTopics" IS 'A topic on somebody''s phone, and the chat that it is about.';
CREATE TABLE "aerich" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "version" VARCHAR(255) NOT NULL,
    "app" VARCHAR(100) NOT NULL,
    "content" JSONB NOT NULL
);"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        """


MODELS_STATE = (
    "eJztXW1z2rgW/isavmw7k91JSZr2pp8IoS13U7KbkN2dbXc8AgR4MLJriaTM3vz3K8nvWD"
    "a2McY4+tIGWUeG5+jlvOmcf1tLc4IM8ktnPEaE3Oh40boE/7YwXCL2h+TpCWhBywqe8QYK"
    "R4boHvQT7XBEqA3HlD2aQoMg1jRBZGzrFtVNLAgA0fHMQD+vCAIGo7sE1AR0joAFMTJOgG"
    "mLBh0BCIbIQDMbLgEcj80Vph+ATgl7vEAY6AQskEWBiY01gIT1nkMy/4V/i4k5Zl+Dvaaq"
    "F66w/n2FNGrOEBvYZq/9+g9r1vEE/UDE+2gttKmOjEkEb33CBxDtGl1boq07h/ZH0ZP/mJ"
    "E2No3VEge9rTWdm9jvzn4rb50hjGxI0SQEPl4Zhssqr8n5rqyB2ivkf8lJ0DBBU7gyOAs5"
    "tfMNgraWpg1uh9p9b6hprRh7PYoQA9ymsYn51NAxJeL3L+EPzUB4Rufs48X5s/OeAAenF3"
    "/hH5277ufO3auL89f8hSabX87cG7hP2uLRsxgCUugMIlAPYLZWtmUSJMe6h1dLgXeffUeI"
    "xyiGe4i8HPC9hgD9YL0Uh7913/806A8u2ZSfYR1/w/3BH/1hZ9i/ZW06ftQpFD0LsOjNRQ"
    "YWvblIZBF/xFkUsAT9sHQbEQ3SOFeuGZRUXyL5KnApO1TCj4lL+Yv3RzncqXJtpAA97H/p"
    "3Q87X37jwy8J+W4ItDrDHn/SFq3rjdZXm0zxBwF/9oefAf8I/r4d9ASaJqEzW7wx6Df8u8"
    "W/E1xRU8PmkwYnYSC9Zq8pwmS26U4KcJiTlcZel3d7Xnsvlb22lu8I4yT9Eo+xA3Mzuku2"
    "377NsE2yXon7pHj2/MzlhelCepRxAOOAfzRtxDb9X9E6dpJt4OxKeA/uMEeG97M3n7zWYI"
    "Hb8MkXsMIzk/129osRdSZm577bue61BMIjOF48QXuiRaDmT8y2udHi940/WraXmy0Qw5kA"
    "h/8K/p19uZrqj9D90RKp23+6Rer2+mWWujlgqyWygWkhzIXX8RzSS/DE/uXC8Bo82TpF4E"
    "lnc2VFAYFrxgX2GNlsuKltLnkvzITfEy4ILxHEFEyZ6KxTmci957dtl7e/tpioj9wJwM6f"
    "f3IJ4Ff6rI9pDhGcz8ONteROyvpK4DP+FX7+T7t9dvaufXp28f7t+bt3b9+fvmd9xfeNP3"
    "qXsrld9T/1B8PotsYb0uXylcUPcukRksYEh0x6jEhYcQTbWpXcCNBnG4v+iOy1JpTdfCzw"
    "aLseqeJDYT7kF5BhhbqPko4LSsf80MspHXOSxkrHZ1lsCGfJNoSzmA0hdMhnRZiTKIRTEU"
    "5RPjh6JSgfN+4wRwZ2VuUjNC0jyscd21Lu+t1hK7ZNlIBp1x2moZiGNtMETA+j0QnYJbqc"
    "x45kLY73yKi//ckVJxOjQLGCeCIadDw1VohNDJtrUdyTgeB4DkyuFwE44tqVQ7eyTBxX1c"
    "ocWKKVfW05z13GeS/hH/+JaWzBG93uNnrUCUeAdf0aIT7xVABhXMyn3L0470pZx26yFje2"
    "kceLnHKsS1mlKV+JswXF2dCKy8lll1Jx+Qi4bEBCtSUihB13eUVrRvrFodxBwq6Zu2bfKo"
    "x/yMWATrO+hKmqM7yc7gvjg1hdNgSKzCq6S9ZYJbI0J1YU7JAcmB1qTqSAzgN0TIrOLP36"
    "hArwHdyzzpwtQ5/3BzoyzDNr9OEtIYudxN14lfN7O7KRky0DtsHiV+huQze2w+a2R4U8P1"
    "FP/oYA6BJ//PUOGX5YgBzzaOhAQ5CXOSt1tCNS167j8vhUkUwwkbn5hDWpPpEDpIwG+mME"
    "yNVtd5xFrp7b1MVG3UB4rRy0vLj6pqNmWvq4JKiGfKwmAbVXJ4wjK8vcML4UneKIEX2yht"
    "LhkGvkJwLM6RTZJ/xCCL9T4si0wGJcnpr2EjjEI0TkgXK7jaWundREHTxJ8Y1QnRoSl/kQ"
    "/Ugw7fkEjVDA00zjvb+GEau4h+urL52/Xkcs4ze3g09e9xAfuje3V7GQtuBr5gB9g6w66F"
    "uthgCvL7nDYGUbeWAXRA8OTROcBVWDzjRxmxa5QuUQqis29ffH1eeanGLy3pisM/5yA45E"
    "ULgyTQNBnLB/ko5PtsHhEaPb16HliWzVcvXq9vYmwtCr/uYW+fDlqnf36o3gJOuk0wTXH7"
    "8Hri3QOo8QzGl+dUhKOapqJAhftLPcv24n379ux9x9KiIoCXn2+ya32Fi3fAPCMWxj7uRM"
    "38WU6/GgrkflxDmME2fsBfIWt/o1LHh7r8Y+34EjMfeFnTvJBr/riCtpu83vlgc6Q8MAlI"
    "dL+0lidALMJzS5BBC4ZnJgTt3LriKvDDGXiM751Vbq3nwFI5PynDLImPKwahK3Ce75XdIg"
    "7dB9BYK+i2Uhic8OBQWqiOsDR1wz1ua+NMto1I3ZZO0iU8ygvzxyIR+mUuAXBp9vcKZk0i"
    "fbFwMKZV3Mb1204NowoQTw/97fDuSAh0g2dTd9TMH/gKGTLBP+eJDnWKQjvwnySVTx4gNI"
    "7Lq0cLIyn7hCLwbrukLedMicruz3h95D7/oSONTf8H1vcN0ffLoEBOEJ44doGYqP9Bv+2O"
    "nf8N5TqBu898Og27sbdni+sxUX5Clj16Y4leW0Lj+1GaQULS2ZTpB4RIRJGhPQ335z/u78"
    "/dnFuX8s+C1pp4EkUQUTWfObkhhVY81IR2I2yubisG1TYrJIPtZ9AnWq5z/Vnc22wHJyCN"
    "WKOoIVVX3mkZotKpV45NgRLnYFdamun6r8Lnt3HtQ5v0vN5m956V0km0MJqGaPSD9SYKP7"
    "aK1S53xmvTz8Jb6c8OOTNHdOqGPufKg/Ed+fIvwmT5Bn/Oe5RukcLXnaG5795mmuj+deQL"
    "ZOuTdGpMBJy31awsjbnDWbtzRkeXWUp+awnhoZj2K4pzkPaPTujHLh7OhF8BkibusUZoe4"
    "n7MDM2p2nBzKozPRoTaz2fYnZUSaZ4dRfuKEzZH1q7YEUYZuHsy9/up2RH6odbb9U7i08h"
    "rdIoTK6lZrq9uCYZhHpvL6V7ievCVcgWSVJab4LDmm+CwWUwwpheP5EskylSd7pKNUyild"
    "3CnNTtxiId0OobqHUv8djN9DIQskE4m3XEPxqCq8heK3HPM1FOVFUObtineqEszbh7EXCt"
    "glhkKPHckWQt4jo2lwOEdeQuxHZBMRt78Riz3THxEvasTjq3kJI/anxbqyfq9Mm30Q+uzr"
    "S8B+yFoEaBNA2IJG0hwQFbxPakYMIoh9g4hng4+HfoeqaRGEsEq6XQPDogoBP7D9MDHIIo"
    "v5sJsUbqFYkZ0VTFwdGea4iMB6FdApkTWHyHqkJcOalbnagqKuLkNRl6RbSVfGHdoHj1Tp"
    "43XWx9U1+hd4jd6TsHNynJM1lt1Hwt5Mi9rJ0FogRFcQJgqOR+ny3HcUafUFymsNcPPqk9"
    "cM7qwmtqTy5PJwx2DHKAHYZseRxjbXCLzsW4DBw82NSs5eQo6PAydnP0qc5hyYcnJqb4TH"
    "NhEtlU/7QCl2UqKyM0Vk54vGvo+mroFBMVLu3sDRUqT6hH12E9/EvSm7DSWvYBqcJTbP40"
    "ESfCShfkxj0L1ZyfuK8qXhYby6psqHcujgbBUBqSIga7HBN8K0oRON2+Vye2PukDRnjHLF"
    "pLliwqdMdidMmEq5Hgu7YFSsr4r1rcchoWJ9a8GGozurfU/+TsnGvFHud0o6Vg2bG5tvzG"
    "dl7kxKHmVPZVQqrtos4VobIW1irhgceYVfRnyFrgNSJQLnEIFDBpkcsphL1VQn38V5hv3l"
    "4jy5msP55v7iG6xyaRphKhXpVUzNqD6RV+3Uuz1HCNjIMtYak5Py7iGMbGg2dQ8pH2cuYu"
    "WOxXCIGjubqwjHqDZqoG547yf9lDMtS0C14UVWIms+A67eXlwCso3P67Vxbu0Q5nKA2I0j"
    "wTw2OXfGqHHTUn416lBV448FtH3GbtwztHR5MXTv0Ula7IbbqWA59JFtPhFexJyw7RrxAI"
    "sPvAYRWKA1z223QBYFJjbWvMg5BHNI5tvLohccU5VHr4cdITn8Ql1veYHXW+pT0DgD06tc"
    "fUfC40zOpervXdRuBTf84kXd8N715kW3c9/tXPcOldtkU9aVSG8ScThZitvonDkvsl9cEo"
    "uKkiNzsmYSmMXmCesO8UQUlhyL2Fr2IVSK0lzZxAm61SkYIcPEM/bZlGVI3ss78iY5OcmW"
    "PnmHspdpvhGpyCjxirgzuL4SY4VeEZUKpR58UKlQ6swKlWa8HgxRnltVIehoYVb+xEr9ia"
    "qcTRPK2URvmqYocP5V1O3q29C/AZtFeRP3ZTOoVZ4KlVbGZqexMheu8Wtw7FS2RmlaVWla"
    "NSmeUrdjQYmYzZF9VILuA0qXKkF3FiGozvUnjxXT7RL7YaTKB4t7NGXipPskVY50+mSP5V"
    "iJ/l7BQgIoXCAsAi4YWCfgiQlzPK04L1hoTAA2uRkezJlAaKCJNJBj5wG32PWd8ZUEWTMh"
    "Rdnq68GHkHfYXyi5oHfIFPo7or/THVuy093aQgxouVtwKx8XWp87g2txadal/4Z/f+jcdQ"
    "bD/sC5eAttiCkTX9iT67vb337jrRPbtCz3XQe/S2ujMdIfCwWleaRNDVBqcFCaBdeGKUtc"
    "k3x1OkTSBDdC1Zemc19VR+qKej60Y2r2gRQYIqT2uPrixpmlKC+sR+6C7rFEfx9EeSW3YN"
    "ISrrmCwQRKWdx5wUFUoHlNgiPT9A7xf47txuuvUv3l39qXUFaXJGVr9wjU1l6kirfrkkmM"
    "uc7ikXlIir4uVs3+xRg6ouHXeTeZMI2a+/nnvgHxbMXDAcZMesjlpXEJuy5dE8DfcNVkOV"
    "PPko/Us7ebmrFOtEAgkuwy6Sk++xFSleUoR5YjdU3uhVgkcmhs4SoVY0SIZuh4sXOZCj7S"
    "DRvoCKdCpgvqnn4nAtZ3RKth/tDoVu9v1gqpbTNqZe1cH6YrBmkqRIZXfLs4QBnjOWomkG"
    "VCp5xUGQ0vBENCOSmKgxRKf9EUkPZpuO0gWx/PWxLTrfvkJM14C4M+26y3yTCUbFl9KSEe"
    "7Tfn787fn12c+wYPvyXNzrE9eOMR2fI8oMmadoikgQGRJZquQxK9JSmSkoyw272B6L45Pc"
    "3i3j89Tfbv82fPmzoAzVlXIESyU1GBuqGdAm5pVQUO6oV8/j+ttpaQ"
)

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "Attachments" (
    "id" VARCHAR(36) NOT NULL PRIMARY KEY,
    "position" SMALLINT NOT NULL,
    "kind" VARCHAR(32) NOT NULL,
    "state" VARCHAR(16) NOT NULL,
    "botId" BIGINT,
    "telegramFileId" TEXT,
    "telegramFileUniqueId" TEXT,
    "storageKey" TEXT,
    "fileName" TEXT,
    "mimeType" TEXT,
    "size" BIGINT,
    "width" BIGINT,
    "height" BIGINT,
    "duration" BIGINT,
    "title" TEXT,
    "performer" TEXT,
    "emoji" TEXT,
    "heldMessageId" VARCHAR(36) REFERENCES "HeldMessages" ("id") ON DELETE CASCADE,
    "messageId" VARCHAR(36) REFERENCES "Messages" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_Attachments_message_9bb0a5" UNIQUE ("messageId", "position"),
    CONSTRAINT "uid_Attachments_heldMes_3cfc72" UNIQUE ("heldMessageId", "position"),
    CONSTRAINT "chk_Attachments_one_message" CHECK (num_nonnulls("messageId", "heldMessageId") <= 1)
);
COMMENT ON COLUMN "Attachments"."kind" IS 'TEXT: text\nANIMATION: animation\nAUDIO: audio\nDOCUMENT: document\nLIVE_PHOTO: live_photo\nPHOTO: photo\nSTICKER: sticker\nVIDEO: video\nVIDEO_NOTE: video_note\nVOICE: voice\nCHECKLIST: checklist\nCONTACT: contact\nDICE: dice\nGAME: game\nGIVEAWAY: giveaway\nGIVEAWAY_WINNERS: giveaway_winners\nINVOICE: invoice\nLOCATION: location\nPAID_MEDIA: paid_media\nPOLL: poll\nRICH_MESSAGE: rich_message\nSTORY: story\nVENUE: venue\nUNKNOWN: unknown\nUNREADABLE: unreadable';
COMMENT ON COLUMN "Attachments"."state" IS 'TELEGRAM: telegram\nMISSING: missing';
COMMENT ON TABLE "Attachments" IS 'A file of a message, or of one that is held: the row passes from that to the message that it becomes.';
        CREATE FUNCTION couponchat_is_file(kind TEXT) RETURNS BOOL LANGUAGE sql IMMUTABLE AS $$
            SELECT kind IN ('animation', 'audio', 'document', 'live_photo', 'photo', 'sticker', 'video', 'video_note', 'voice') $$;
        CREATE FUNCTION couponchat_kind(kind TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
            SELECT CASE WHEN couponchat_is_file(kind) OR kind IN ('text', 'checklist', 'contact', 'dice', 'game', 'giveaway', 'giveaway_winners', 'invoice', 'location', 'paid_media', 'poll', 'rich_message', 'story', 'venue', 'unknown', 'unreadable') THEN kind ELSE 'unknown' END $$;
        CREATE FUNCTION couponchat_whole(number JSONB) RETURNS BIGINT LANGUAGE sql IMMUTABLE AS $$
            SELECT CASE WHEN jsonb_typeof(number) <> 'number' THEN NULL
                WHEN abs(number::numeric) < 9223372036854775807 THEN trunc(number::numeric)::bigint END $$;
        CREATE FUNCTION couponchat_file(kind TEXT, kept JSONB) RETURNS JSONB LANGUAGE sql IMMUTABLE AS $$
            SELECT CASE WHEN couponchat_is_file(kind) AND jsonb_typeof(kept) = 'object' THEN
                jsonb_strip_nulls(jsonb_build_object(
                    'telegramFileId', kept->>'fileId', 'telegramFileUniqueId', kept->>'fileUniqueId',
                    'fileName', kept->>'fileName', 'mimeType', kept->>'mimeType',
                    'size', couponchat_whole(kept->'fileSize'), 'width', couponchat_whole(kept->'width'),
                    'height', couponchat_whole(kept->'height'), 'duration', couponchat_whole(kept->'duration'),
                    'title', kept->>'title', 'performer', kept->>'performer', 'emoji', kept->>'emoji'))
                ELSE '{}' END $$;
        CREATE FUNCTION couponchat_details(kind TEXT, kept JSONB) RETURNS JSONB LANGUAGE sql IMMUTABLE AS $$
            SELECT CASE
                WHEN kind IN ('text', 'unreadable') THEN NULL
                WHEN couponchat_kind(kind) <> kind THEN jsonb_build_object('name', kind)
                    || CASE WHEN jsonb_typeof(kept) = 'object' AND kept ? 'content'
                       THEN jsonb_build_object('content', kept->'content') ELSE '{}' END
                WHEN jsonb_typeof(kept) <> 'object' THEN NULL
                WHEN kept ? 'content' THEN jsonb_build_object('content', kept->'content')
                WHEN couponchat_is_file(kind) THEN NULL
                ELSE (SELECT jsonb_object_agg(CASE key WHEN 'of' THEN 'owner' ELSE key END, value)
                      FROM jsonb_each(kept) WHERE key NOT IN ('mediaGroupId', 'forwardedFrom', 'quote')) END $$;
        CREATE FUNCTION couponchat_quote(quote JSONB) RETURNS JSONB LANGUAGE sql IMMUTABLE AS $$
            SELECT CASE WHEN jsonb_typeof(quote) = 'object' AND quote <> '{}' THEN jsonb_build_object(
                'source', COALESCE(quote->>'from', ''), 'text', COALESCE(quote->>'text', ''),
                'kind', couponchat_kind(COALESCE(quote->>'kind', 'text')),
                'details', couponchat_details(COALESCE(quote->>'kind', 'text'), quote->'attachment'),
                'files', CASE couponchat_file(quote->>'kind', quote->'attachment') WHEN '{}' THEN '[]'
                    ELSE jsonb_build_array(couponchat_file(quote->>'kind', quote->'attachment')) END) END $$;
        ALTER TABLE "Messages" ADD "albumId" TEXT, ADD "details" JSONB, ADD "forwardedFrom" TEXT, ADD "quote" JSONB;
        ALTER TABLE "HeldMessages" RENAME COLUMN "mediaGroupId" TO "albumId";
        ALTER TABLE "HeldMessages" ADD "details" JSONB, ADD "forwardedFrom" TEXT, ADD "quote" JSONB;
        INSERT INTO "Attachments" SELECT made.* FROM "Messages" m, couponchat_file(m.kind, m.attachment) AS file,
            jsonb_populate_record(NULL::"Attachments", file || jsonb_build_object(
                'id', m.id, 'messageId', m.id, 'position', 0, 'kind', m.kind,
                'state', CASE WHEN file ? 'telegramFileId' THEN 'telegram' ELSE 'missing' END,
                'botId', (SELECT t."botId" FROM "TelegramMessages" t WHERE t."messageId" = m.id LIMIT 1))) AS made
            WHERE m.attachment IS NOT NULL AND file <> '{}';
        INSERT INTO "Attachments" SELECT made.* FROM "HeldMessages" h JOIN "Peers" p ON p.id = h."peerId",
            couponchat_file(h.kind, h.attachment) AS file,
            jsonb_populate_record(NULL::"Attachments", file || jsonb_build_object(
                'id', h.id, 'heldMessageId', h.id, 'position', 0, 'kind', h.kind,
                'state', CASE WHEN file ? 'telegramFileId' THEN 'telegram' ELSE 'missing' END,
                'botId', p."botId")) AS made
            WHERE h.attachment IS NOT NULL AND file <> '{}';
        -- Nobody sees a difference: to those who look, nothing has changed.
        ALTER TABLE "Messages" DISABLE TRIGGER revise;
        UPDATE "Messages" SET kind = couponchat_kind(kind), details = couponchat_details(kind, attachment),
                "albumId" = attachment->>'mediaGroupId', "forwardedFrom" = attachment->>'forwardedFrom',
                quote = couponchat_quote(attachment->'quote')
            WHERE attachment IS NOT NULL OR kind <> couponchat_kind(kind);
        ALTER TABLE "Messages" ENABLE TRIGGER revise;
        UPDATE "HeldMessages" SET kind = couponchat_kind(kind), details = couponchat_details(kind, attachment),
                "albumId" = COALESCE("albumId", attachment->>'mediaGroupId'),
                "forwardedFrom" = attachment->>'forwardedFrom', quote = couponchat_quote(attachment->'quote')
            WHERE attachment IS NOT NULL OR kind <> couponchat_kind(kind);
        ALTER TABLE "Messages" DROP COLUMN "attachment";
        ALTER TABLE "HeldMessages" DROP COLUMN "attachment";
        DROP FUNCTION couponchat_quote;
        DROP FUNCTION couponchat_details;
        DROP FUNCTION couponchat_file;
        DROP FUNCTION couponchat_whole;
        DROP FUNCTION couponchat_kind;
        DROP FUNCTION couponchat_is_file;
        -- Of all messages few are in an album.
        CREATE INDEX "idx_Messages_album" ON "Messages" ("albumId") WHERE "albumId" IS NOT NULL;
        COMMENT ON COLUMN "HeldMessages"."kind" IS 'TEXT: text\nANIMATION: animation\nAUDIO: audio\nDOCUMENT: document\nLIVE_PHOTO: live_photo\nPHOTO: photo\nSTICKER: sticker\nVIDEO: video\nVIDEO_NOTE: video_note\nVOICE: voice\nCHECKLIST: checklist\nCONTACT: contact\nDICE: dice\nGAME: game\nGIVEAWAY: giveaway\nGIVEAWAY_WINNERS: giveaway_winners\nINVOICE: invoice\nLOCATION: location\nPAID_MEDIA: paid_media\nPOLL: poll\nRICH_MESSAGE: rich_message\nSTORY: story\nVENUE: venue\nUNKNOWN: unknown\nUNREADABLE: unreadable';
        COMMENT ON COLUMN "Messages"."kind" IS 'TEXT: text\nANIMATION: animation\nAUDIO: audio\nDOCUMENT: document\nLIVE_PHOTO: live_photo\nPHOTO: photo\nSTICKER: sticker\nVIDEO: video\nVIDEO_NOTE: video_note\nVOICE: voice\nCHECKLIST: checklist\nCONTACT: contact\nDICE: dice\nGAME: game\nGIVEAWAY: giveaway\nGIVEAWAY_WINNERS: giveaway_winners\nINVOICE: invoice\nLOCATION: location\nPAID_MEDIA: paid_media\nPOLL: poll\nRICH_MESSAGE: rich_message\nSTORY: story\nVENUE: venue\nUNKNOWN: unknown\nUNREADABLE: unreadable';"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE FUNCTION couponchat_kept(kind TEXT, details JSONB, file JSONB) RETURNS JSONB LANGUAGE sql IMMUTABLE AS $$
            SELECT CASE WHEN kind = 'unknown' THEN COALESCE(details, '{}') - 'name' ELSE COALESCE(
                    (SELECT jsonb_object_agg(CASE key WHEN 'owner' THEN 'of' ELSE key END, value)
                     FROM jsonb_each(details)), '{}') END
                || jsonb_strip_nulls(jsonb_build_object(
                    'fileId', file->'telegramFileId', 'fileUniqueId', file->'telegramFileUniqueId',
                    'fileName', file->'fileName', 'mimeType', file->'mimeType', 'fileSize', file->'size',
                    'width', file->'width', 'height', file->'height', 'duration', file->'duration',
                    'title', file->'title', 'performer', file->'performer', 'emoji', file->'emoji')) $$;
        CREATE FUNCTION couponchat_attachment(kind TEXT, details JSONB, file JSONB, album TEXT, source TEXT, quote JSONB)
                RETURNS JSONB LANGUAGE sql IMMUTABLE AS $$
            SELECT NULLIF(couponchat_kept(kind, details, file)
                || jsonb_strip_nulls(jsonb_build_object('mediaGroupId', album, 'forwardedFrom', source))
                || CASE WHEN jsonb_typeof(quote) = 'object' THEN jsonb_build_object('quote', jsonb_build_object(
                    'from', quote->'source', 'text', quote->'text', 'kind', quote->'kind', 'attachment',
                    couponchat_kept(quote->>'kind', NULLIF(quote->'details', 'null'), quote->'files'->0)))
                   ELSE '{}' END, '{}') $$;
        ALTER TABLE "Messages" ADD "attachment" JSONB;
        ALTER TABLE "HeldMessages" ADD "attachment" JSONB;
        ALTER TABLE "Messages" DISABLE TRIGGER revise;
        UPDATE "Messages" m SET attachment = couponchat_attachment(kind, details, (
                SELECT to_jsonb(a) FROM "Attachments" a WHERE a."messageId" = m.id ORDER BY position LIMIT 1),
                "albumId", "forwardedFrom", quote),
            kind = CASE WHEN kind = 'unknown' THEN COALESCE(details->>'name', kind) ELSE kind END;
        ALTER TABLE "Messages" ENABLE TRIGGER revise;
        UPDATE "HeldMessages" h SET attachment = couponchat_attachment(kind, details, (
                SELECT to_jsonb(a) FROM "Attachments" a WHERE a."heldMessageId" = h.id ORDER BY position LIMIT 1),
                "albumId", "forwardedFrom", quote),
            kind = CASE WHEN kind = 'unknown' THEN COALESCE(details->>'name', kind) ELSE kind END;
        DROP FUNCTION couponchat_attachment;
        DROP FUNCTION couponchat_kept;
        DROP TABLE "Attachments";
        ALTER TABLE "Messages" DROP COLUMN "albumId", DROP COLUMN "details", DROP COLUMN "forwardedFrom",
            DROP COLUMN "quote";
        ALTER TABLE "HeldMessages" RENAME COLUMN "albumId" TO "mediaGroupId";
        ALTER TABLE "HeldMessages" DROP COLUMN "details", DROP COLUMN "forwardedFrom", DROP COLUMN "quote";
        COMMENT ON COLUMN "Messages"."kind" IS NULL;
        COMMENT ON COLUMN "HeldMessages"."kind" IS NULL;"""


MODELS_STATE = (
    "eJztXe13m0bW/1c4+tL2HG+fxHadPuknIikJG1lKLTnZbt3DGaOxNWuYUQFF1e7mf997hx"
    "chCTCgN0TmQ1MzzAX0u/N23//TcsSY2t6PumVRz+sx/tR6rf2nxYlD4Y+Uu2dai0yny3vY"
    "4JN7W3Zf9pPt5N7zXWL5cOuB2B6FpjH1LJdNfSa4JNA8xh9t+reZRzUb6F5rvtD8CdWmhF"
    "P7TBOubGBUI9qI2vTRJY5GLEvMuP+LxnwPbj9RrjFPe6JTXxPcXmjEg94T4k1+xK8YCws+"
    "A15zqBfOOPtzRk1fPFJ4sAuv/f0PaGZ8TP+iHl7+3oLXuyYbt/7AO9Mn84FRe7wCPdyEW7"
    "Ld9BdT2daeEPet7Im/6960hD1z+LL3dOFPBI+7w8/G1kfKqUt8Ok7wgc9sO+Ra1BR8NjT4"
    "7ozG3zteNozpA5nZyE2kDr5g2dYyzf5gZA67I9NsbXA6okjwImyyBMdRwrjvyd/vkL9Mm/"
    "JHfwKXV5dfg/cscQh64Qs/6Tft9/rN91eXP+ALBQy1YBj2wzvn8tZX+Qjik+AhkgFLmKcz"
    "dyo8mo51l88cibcB30i4RTdwT5DvBvyoYYn+cupUh781NN71jf5rGP2PnPE7bvQ/GSN9ZA"
    "ygjfEvzCeyZwUWvbwqwKKXV5kswlvIoiVL6F9T5lLPJP4mVzoApc8cmj4LQkrdT+HHOKT8"
    "MfpjN9w55NzIAXpkXHeHI/36Iz7e8bw/bYmWPurinXPZulhr/X6dKfFDtM/G6L2Gl9o/B/"
    "2uRFN4/qMr37jsN/pnC7+JzHxhcjE3yTgJZNQcNa0wGRbAcQUOI9nO2Bvybs9z71tlr9zf"
    "SmxhSGLscBs7MjdXV8nzn34qsExCr8x1Ut77+hXPCw9PqVsZArgJ+FvhUlj0P9DFxk62hn"
    "N42LsNH3NieH+NxlPUupzgLpnHB6zkyITfDr+Y+sHA1IdtvdNtSYTvifU0J+7YXIEa74hz"
    "sdYS99285Zw76y2Ek0cJDv4K/Ob4iO2zLyT80SkH8PjuMwfwqF/hAzgCNnOoq4kp5XiOtS"
    "bEf63N4V88Fy+0uct8qs0ZjJWZr3lkAVyA29SFxz24wsFeHM7BZ3gmdijhvvYAp2jmp52+"
    "9/y2IkfvKY0HAOw/cPv3Fn5EoqnUmfwNezS4X+JUjkNzbXqF47S+h/JH/IS//f/5+cXFq/"
    "MXF1c//3T56tVPP7/4GfrK79289SpnvXtjvDP6o9WVDhvyj+qzKe7tqbtKHhMCstSdJYUV"
    "J7DSHZIbS/RhrWFfqLswpShcjgURbTsiVXyozIfyZ2ZyQHFIHZgrHpgTW1DRAzOSNPbAfF"
    "FErXCRrVa42FArJPb9oggjiUI4F+EceQTR24E88pE2Wh5JDMsVeeQGlpQboz1qbSwTO8C0"
    "HT6moZgmFtMMTI8k5Pk+sSYOlR++KeQt757lCnlxv8JC3gOzqSYeQN5yqOfBx0lDBzQITk"
    "GiAuELpKkJ/IbX0hbiirk2JZ5HvUjmQvEssJOEDwipfO2eWgLa0oS9A701Rej7vRUShKMA"
    "dmsm0ZDiHr7SzOqwJi8q+8whdukc+0zEmA2whw6x7UyRI0nXJGnj4vzVVSxf4EWeRDG81n"
    "u9TRHiCX5CVYNXRFvnA1Fr1P3HCKYF/cu/43rfuA4NXYQzRyrHoPW2YwygZTZm4o53Bu3b"
    "624faIAPM1xZ73jP+NQ1P74fjKAbSq/mdCJ86Bs2hVfDkdH+0L15rXk+s56oe8c/GZ0u3P"
    "/CxlSEV/it3bAJBACfQvvAaGOTYBZctd932x96xhA+wJpQ68lmHnxBe9Af6W1sExxWfGjp"
    "SKKxpHmnX8Pfj8BS+Bu+Vf+s/wbX8KVkThbLNvOz0e93b4bLe+accWCTJ62AwXcwHn5Jb9"
    "AOwbKFFWL1UTc65nW3Y+jwswnDpXPMCLQPej1oEbZ9x2FXfQ99hkP9HTzOZdYkWmARo8HN"
    "b4iQcOG7PnX7t/jLKZ/Bvdv+h/7gM7xuxp9ANOLYctPVO/qbXhcbXUrGcvBUWZzOiyxO59"
    "mL0/m6CAFzwq9sKo6Jaz51et13N/o1Tp/A++GOXxvDodF/91pzmIfuE/UwE9+LdIE5TxEF"
    "NFsoAmtmLzyO/ikaFiae7lIZMIJ1Nx3+iPYtkG4hV9eMD3lqKNiIVjRQ0YD+/lr/xw8rWq"
    "jeoP8u6p6YAO3e4E0uB8LTb3VG3MoHKHZUZQfuayhIPNFFGRaEZB8CKgV8eeDl8JcXJWBH"
    "on5Io0AvD7rDHBogVgJ0JBqFNAr0CksM+3cK3nkHnYhCnXOqnnPmbAwH11KgxyQK9aqoTy"
    "h7nJS0Li9pFO6Vrfszl6Sr2XLt+gkqhX1liYr5dqntNCZQe2n5vXRK3QfhOmmmyWzEV4gU"
    "6uVRp474FyuDeEyg0C6PdoqBq6ihCkmvA8rmqAT27VpSDWpHwbyVf0mI3ybkpd0hrpdPOi"
    "3EizpErA7QAn4myRVkBwC/X64qzQU5ZdWtU4SB9PlJcTuJfIGyHU6wR0FXk8/on4HuHbGj"
    "P+Fj2cD4gz2jMEpc9OpHvw5KrIkm0GVDI/fo7R/QzaaCb3qT7PLBqQ4jwf2Qb9FL4hDdlQ"
    "iC5RvD7oGLeRTPhjToZrLRzaVfmBd7oSTfsfoMFRR8ZKcTy6UJfpbxtQ4pDxmBWpuT7Km5"
    "XK/O2lJRqAGl4vIJcNkmnl9RFkJSJQuVlIXiTW4D6DxNYpLqcO56L/aF8VH0iGsHisJhJC"
    "FZYwMddhZ7vQp24rhYHGokUkCXAXrjFF349BsTKsC3yCoQjNkd6ADa8YNODPPCUSfJJaFI"
    "LE+48O4A24bnbFjb2Qpgu5z8Ct3n0N1YYUvHTCWik1cTUKwdAEPitx9uqJ1lOE7NeNEQ5N"
    "MC6hndEqlOGFx/eqJIMZhc8uBvCxE+o6njKJRtt4SouHb+JEGyxVILcDCkTnG6eRMx52aq"
    "+F4Co4Ix26cIUOx9v5vRFOUYbfj888WUWTuCaoTPahJQe7X6BVJXmt0vlsdyLH+yT9Ewc5"
    "6wxX3naeLhgbpnmBwXI7gD6UibApfRlUoLiO+pl54pbLtnFckDtnrsVTa3Q6l2ss1uB3aE"
    "rOn6cDAvseRnlgB9jexw0LdaDQGeOWiLmrl2Gdgl0W1A0wQ71OHD9IjrV0kqHRCqpMP1N/"
    "XWJ3G4YvLemMyAv6gbTAuIE8KmhGesn54ek61x+B7o9rVpRUe2w3L1zWDQW2HoG2N9iby9"
    "ftO9+f6l5CR0Yn6GVTnM+WDCP1YK5vnzKiQesnT9uppatZpaWA8lPYw9x0cGaHYZw14jme"
    "eqSP6Yq+z8MVcb+WOUX2Em8pjoZ8DtRStWHp3CtAoHZ/6GpRwYjurAoEzBxzEFW1HUQHWN"
    "b8PSlO5V0RubgVNUvUkTcbayt7NikH5e3zvAqApi20FSzrhYGvM0Mafj18u0n0EOUBwPMg"
    "GoJxzqT7Cugx+WfdDuBWb19Kj9gDEcKclE9/yu1IiQRGZej/4pp0VKMEgi12wqAYZ6JNyP"
    "lZ75yLEdh08bV7fl6TjeyfGMKIV8kkqBXxn8xmd8jVOPxllHf72F04rMZAov9oJMpm+NXr"
    "fzWualHt9xTI6KNRExJSrWRITny2SoXPgyF2pwbXY7xihqNOmY+Xd8pH809f7wMyZ+9cnU"
    "JNybY+7X9uD6Wu9jstT+LaZtdWC3xpBQPlvf0IqshbtPmTklC1uQlJHw9+Ggnz4BEyTrYi"
    "ezfO2/GuaqbZTaBrHItz6sGxrOVmVGfECK9eGkMse2oOuMRsOh8DSESXeLMyygvuPDbr8j"
    "M8d6lI+BH7JlJC9hGr3Vw/lIggl52293b0a6IdMBgwziA7vqMXGI71NnmibOZO5cSZLGRD"
    "Sdv7x8dfnzxdVlvFvFLXmbVFq+KVpBCwZUjdWAnYjGq5ghznVFqfxKMYGybJe3bAeLbYXp"
    "FBCqGXUKM0qZtpvP5MPXgKsZM1WerkbArCrtqUp7NTC3nJ1Qpb2arRCFA3OfLbSXsvzuAN"
    "XGxWCtA1soYV+2FXavhkYZTJlmZYyiLHNMjHEwZ8FUciQZB6LNCQdGY4o3zPTGeGjpw/rw"
    "PCwfT12KulrNg/EEXbEPX2gODDDUOlH4z/3CLOr9XxBXmpFo7iCvTTU63rtiHvoYRJPruQ"
    "R0fyRL2Cv74rHti0sGFsU6QdLA08/VZRE3ustsN7rL9fMlFvYro12K+jcC3ENrl57o1K+g"
    "dkCyQ2qWDrmkKJ2DqjtfXBpW/p/K//PYqO/G/zNOYK0q0u9KUD5yTvBkXvYUiW4tbXu2XJ"
    "foWLgmfZTU6ztvtbr7nDDf0x6Ei6KVE0ld8wmzJlHgP5OV42Vu77S68zt88nOOoevZQNLk"
    "NSWRHVciS+PRBu55Toj+ao4W5Qqaya+SJYRlVpjK7JB5YFQ55215UXdZujFpH1DYhWOQMy"
    "0rS68QKkeNWsvTp+VpHU/nMk6eONph9QTKO673jWs9cLMmnDkk8LPWbzvGAFpmYybueGfQ"
    "vr2Wbp8wFOBchq6fPeNT1/z4fjCCbhh1ZE4nwoe+YVN4NRwZ7Q/oZO35zHpCD+tPRqcL97"
    "+wMRXhFX5rN2wCtvgU2gfSkfuLkH7c7ffd9oeeMYQPsCbUekKPZfTV7o/0NrYJ7sNRFb5T"
    "Eo0lzTv9Gv5+BKbC3/Ct+mf9N7iGLyVzsli2mZ+Nfr97M1zeM+eMA6O8O270w+9gPPyS3q"
    "AdgmULK8Tqo26gw3jH0OFnE4bu4mNGoH3Q60GLsO07fmO035uxi7sL51Uz9nMfjgY3vyFC"
    "woXv+tTt3+Ivp3xG0aH2Q3/wWbrTPsGA5dhy09U7+pteFxsx6FYOnyrntiLR0RfZ0dEXG9"
    "HRY+oTZqf42GZ7pydIlHd6de90EIlQlqQgebrCKXMciCnfhoRN8I85vAOnSAsOyB72MYEa"
    "9NUHPbHvZ06q8JE93CVNcxzBDj3QMXqqkqdyQKh8WOt//nXp1F6AYG9urXWRTxqJ0c6ULz"
    "Xj+nHkfeI9wQycMzjDleKGpPsckin4t1Z9RUGplbVfv4YPUBNiywkhs8KZxDPFQ8kpISl1"
    "b/CgOLANB5S7uHIXr6HJ9nl38SJZkIjvE2uCSq9tC+LEDzq9deUoCZFy7NqFbNrl7NnD1U"
    "RDZFmnWrhr7sQeYeOlF/GmAXu7R6UXt166H7hUHj3SHYuTyYyEx6IRue5kfLZeyxrD+xPO"
    "yLEQEDU44kuoXFI+yrWwiCujnzL61WJPaITSg3kmmlJSNvj8jNQ3NDWzzj7zUcctJ5uQOr"
    "kxFRfWklTKdaeyrKbM28q8rczbyrx9UpY+Zd5W5u06o67M280Y6Mq83XhJLyzavTC3SugZ"
    "PWW4VWLPw7C5sTk9Y1aWzlYYUXZV1sLqi6UDssQ9NcdiBnCUVZ0A8RvaWZIqBUoJBUrCAp"
    "C6fmW540iq5pwO9p2lIraQbA7tXK+nJVVj0gYfWEmlchrsPZHiij2vBM6SEIXppq4ju8c6"
    "aUwttV5L90mFc1GclzbsEigHRI1dOQ6Rn0MlkNgmgUR6psVgWO4A1YbnO1mZ8wVwjdbiHS"
    "Db+BSWa/vWCrrwDVr/ttdrZZwqDrcenCi4Gwcw5aK4JxfFFJVRWCGxOlDJeowNhAln/tYY"
    "NW59TI8DcRJeptXBWguSahBo+/QQlg7sKe7BkWN7tm8w9ijoGDyaUE1g9VLBYcp7kpFrVU"
    "zRt8LTiKxMipFZ8OcUukK/79HjV3t0xWz6w2vNwZzCsqyu5oFEQjWW4j18gPelJy6O62rG"
    "Yzs7gfHMS1RKpRxNZoEf8UTM+Sqd8hNWtVKPty4dOUowU5NZJEKwnaXTVKwozgrmmfe2sJ"
    "5Km6iY92ZJp+xTJexTsWHWEjOeohrKG/sRbTsiVTaUikGZBPbosQkoMnuTBfnuLAHtbUSq"
    "PFrq7NFiE883MY6szIkKiYZki3NVzRi6b1uw5VJSzTUspGxskcYWOmkPuL1oxVLyKUytcP"
    "zmzqxIsinJcSRrLLtPhL2FVs5VYbXE6ikJM0/nDVhAd2+cTSgMiqKMJE0F+BB22VlqFaN9"
    "WRBrBndRO0xiXBYxy8YrhjJwPWeZXV9cM+yHhQxcmKhHKkK3NXDFDzrdrbd2Fq6TxGmCwO"
    "zGdrNWZKOJaMk8/zsyccms/00Cap8WriGMq+A7N4xc0a2zPDtX2KloTZdkbprvPC2sa3i2"
    "rIr5i4YVWJ7oAqusYIk4TYDopxG0Rk2IN0mp5rKbZ6aYrDKNUsrsdBDtSLbZSWlLvkFtCf"
    "1ryuBpVaInA0pVbbL+KpPDi/G1m8ENl+Prhve2gvyRC/StO3alHORSfL+yD3RrnQsX64vq"
    "6AmuecKh92K8gMPYFMYJdCd8jBX1gqLoeBH3ftDEzPUC9yPma/fUFvwRrkVa2b69vKOsr9"
    "JZsZp+iYLrMr/hWs/Cp8c8W3bq+THFgB0O5/oeHw9owFa+TPXgg/JlqjMrVCHMejBE5Z4/"
    "NgdUqPjeQ8Vz1pqcOPGcFaYB9tu9p/hXQbW7D6p1lgKWiv18JjxxZdKXjk08hEQd2JFy5O"
    "nY0PS8ND2K7VtFZGlpDSsg5UYSbV6p+62eVbi4fVynO0cMVmJvLcXemtRar9sOoc773yYH"
    "ZFBDeRMTkjXWqNgkAxPzzEfY/VImV36s1ruQSAVqlQjUUsLzvoVnVRpPlcaroXj3fGm89W"
    "VC6SK210UcR16+neLRppUiKId3zvIk5KBPcf/BmewfiKtz4mk+eaJcOvkBWGfaHMRUTEOh"
    "WWJmjzUu0N6rTUDUtek41Xlw6wc+Y0AOnh9esDHlPvMXG3KyEo5rKRwrm/CRpLDkpCkOfU"
    "Cm0N8S/XiVKnGqTNI0oArkvms9bVUdwtuqKkQ1oMMdryTerfd6vyPLPYT0d/zXW/1G74+M"
    "flAygrgExg3HO52bwceP2Dp2xXQavuvoVSBcalH2pZJSKCJtquNxg53Np2Rhi7SCndlFPx"
    "IkTbBH5zFzL7WRyhZZoaq4Sjm0N7QaR5IXvfSkipH/eI6s6BVOqqhn10T/RWY/DPMZOmSB"
    "8hyc2dNCyyo+5PlYMhVAdpCgh7Mc0U7+v8RyE/VvwOH24Eu7Q9JyhOUs7RGBWtorFJSPDP"
    "qZsVRF7Pm3WVFV1WzJ34wuaTWsquwik6RRY7/82LcJf5yhX5kFp4cyO2lE2A7pmgD+mg6j"
    "yJ56kb2lXvy0Lhkzz1weiFJWmXyDurFCqszqZczqKvz929BIlJDYkj5kFvU802b8aetsRv"
    "ikHjzoBIdCobwzkXwnY8+2RKth5ufVpT5erBVSz42o2XTrNGJt+ZCmQjR2ycO2Q6iDz2gq"
    "QLtJG9bwlGHTqMJKdYQKOmHV7FhfCB0vkZerOkCJFGBNGUL71Gzr1GXWpJWi2w7vnOVpt8"
    "myz3Pq7WwYdqx6/lbcjM5fXr66/Pni6jLWCMUteYqg5x2IsMJSaonvbFVEgqSBDro71O0n"
    "RB6YVCUQDrs3EN2XL14U8X948SLbAQLvfV0XknyaVmfl78NBP0PPsCRZ1zIwy9f+q9nMO+"
    "HjWxq4CEa+PnNddXm2qiPABxzdTPv1f44Khus="
)

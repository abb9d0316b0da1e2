-- What a database of 0.1.0 may hold, as that version wrote it: something of every kind, in every state.
-- :bot, :ada and :ivan are Telegram's ids; :way_in is a sign-in link's token and :session a browser's key, as hashes.

INSERT INTO "Users" (id, name, email, "telegramUserId", username, "languageCode", "isInfluencer", "createdAt") VALUES
    ('inf-maya', 'Maya Okafor', 'maya@example.com', NULL, NULL, NULL, true, now() - interval '9 days'),
    ('inf-ivan', 'Ivan Petrov', NULL, :ivan, 'ivan', 'en', true, now() - interval '9 days'),
    ('ada', 'Ada Lovelace', NULL, :ada, NULL, 'en', false, now() - interval '3 days'),
    ('was-ivan', 'Ivan Petrov', NULL, NULL, NULL, NULL, false, now() - interval '9 days');

INSERT INTO "Coupons" (id, title, description, "influencerId", "imageUrl", "startsAt", "expiresAt", "isActive",
                       "missingSince", "linkKey", "createdAt") VALUES
    ('shoes', 'Shoes', 'All of them', 'inf-maya', 'https://example.com/shoes.png', now() - interval '9 days',
     now() + interval '90 days', true, NULL, NULL, now()),
    ('hats', 'Hats', '', 'inf-maya', NULL, NULL, NULL, true, now(), NULL, now()),
    ('tea & more', 'Tea', '', 'inf-ivan', NULL, NULL, NULL, true, NULL, 'k1', now());

INSERT INTO "Chats" (id, "couponId", "consumerId", "influencerId", "createdAt", "updatedAt", "lastMessageId", revision)
    VALUES
    ('00000000-0000-7000-8000-000000000001', 'shoes', 'ada', 'inf-maya', now() - interval '3 days', now(), 'm-45', 0),
    ('00000000-0000-7000-8000-000000000002', 'hats', 'ada', 'inf-maya', now() - interval '2 days',
     now() - interval '1 hour', 'm-50', 0),
    ('00000000-0000-7000-8000-000000000003', 'tea & more', 'ada', 'inf-ivan', now() - interval '2 days',
     now() - interval '1 hour', NULL, 0),
    ('00000000-0000-7000-8000-000000000004', 'tea & more', 'was-ivan', 'inf-ivan', now() - interval '2 days',
     now() - interval '2 days', NULL, 0);

INSERT INTO "Lines" (id, "botId", "telegramChatId", "userId", "shownChatId", "isBlocked", "deliveryCount",
                     "lastSaid", "createdAt", "seenAt") VALUES
    ('line-ada', :bot, :ada, 'ada', '00000000-0000-7000-8000-000000000002', false, 40, 'question:25', now(), now()),
    ('line-ivan', :bot, :ivan, 'inf-ivan', NULL, false, 10, NULL, now(), now()),
    ('line-group', :bot, -77, NULL, NULL, false, 0, NULL, now(), now());

-- What Ada has sent, with Telegram's ids from 1 on.
INSERT INTO "Messages" (id, "chatId", "senderId", text, timestamp, "isRead", position, kind, attachment, "replyToId",
                        "editedAt", "mayBeDoubled", revision)
    SELECT 'm-' || lpad(n::text, 2, '0'), '00000000-0000-7000-8000-000000000001', 'ada', text, at, n < 20,
        floor(extract(epoch FROM at))::bigint * 2147483648 + n, kind, attachment::jsonb, reply_to, edited_at, false, 0
    FROM (VALUES
        (1, 'text', 'Are they waterproof?', NULL, NULL, NULL::timestamptz),
        (2, 'photo', 'Like these', '{"fileId": "AgAC1", "fileUniqueId": "u1", "width": 90, "height": 60, "fileSize": 1234, "mediaGroupId": "album-1"}', NULL, NULL),
        (3, 'photo', '', '{"fileId": "AgAC2", "fileUniqueId": "u2", "width": 60, "height": 90, "mediaGroupId": "album-1"}', NULL, NULL),
        (4, 'voice', '', '{"fileId": "AwAC", "fileUniqueId": "u3", "duration": 12, "mimeType": "audio/ogg"}', NULL, NULL),
        (5, 'document', '', '{"fileId": "BQAC", "fileUniqueId": "u4", "fileName": "receipt.pdf", "mimeType": "application/pdf"}', NULL, NULL),
        (6, 'sticker', '', '{"fileId": "CAAC", "fileUniqueId": "u5", "emoji": "🥾", "width": 512, "height": 512}', NULL, NULL),
        (7, 'location', '', '{"latitude": 52.52, "longitude": 13.405}', NULL, NULL),
        (8, 'venue', '', '{"latitude": 52.5, "longitude": 13.4, "title": "The shoe shop", "address": "Main Street 1"}', NULL, NULL),
        (9, 'contact', '', '{"phoneNumber": "+49123", "firstName": "Zoe"}', NULL, NULL),
        (10, 'poll', '', '{"question": "Which colour?", "options": ["Red", "Blue"]}', NULL, NULL),
        (11, 'checklist', '', '{"title": "To do", "tasks": [{"text": "Measure feet", "isDone": true}]}', NULL, NULL),
        (12, 'story', '', '{"of": "Shoe News", "username": "shoenews", "storyId": 7}', NULL, NULL),
        (13, 'dice', '', '{"emoji": "🎲", "value": 4}', NULL, NULL),
        (14, 'text', 'As Cleo says', '{"forwardedFrom": "Cleo", "quote": {"from": "Dora", "text": "a quoted part", "kind": "photo", "attachment": {"fileId": "AgAC9", "width": 1, "height": 1}}}', NULL, NULL),
        (15, 'hologram', 'Seen from afar', '{"content": {"text": "Seen from afar"}}', NULL, NULL),
        (16, 'video', '', '{"fileId": "BAAC", "duration": 3, "width": 4, "height": 3, "fileName": "walk.mp4"}', NULL, NULL),
        (17, 'audio', '', '{"fileId": "CQAC", "duration": 200, "performer": "The Soles", "title": "Walking"}', NULL, NULL),
        (18, 'photo', 'Nothing is known of it', NULL, NULL, NULL),
        (19, 'paid_media', '', '{"starCount": 5}', NULL, NULL),
        (20, 'unreadable', '', NULL, NULL, NULL),
        (21, 'text', 'And warm?', NULL, 'm-01', now() - interval '30 minutes')
    ) said (n, kind, text, attachment, reply_to, edited_at), LATERAL (
        SELECT date_trunc('second', now()) - interval '2 hours' + n * interval '1 minute' AS at) AS sent;
INSERT INTO "TelegramMessages" ("botId", "telegramChatId", "telegramMessageId", "chatId", "messageId", "activeAsOf")
    SELECT :bot, :ada, right(id, 2)::bigint, "chatId", id, 900 FROM "Messages";

-- What Maya has answered, each in another state.
INSERT INTO "Messages" (id, "chatId", "senderId", text, timestamp, "isRead", position, kind, "deliveryState",
                        "deliveryError", "mayBeDoubled", "requestId", revision)
    SELECT 'm-' || n, '00000000-0000-7000-8000-00000000000' || chat, 'inf-maya', text, at, false,
        floor(extract(epoch FROM at))::bigint * 2147483648, 'text', state, error, state = 'uncertain', 'r-' || n, 0
    FROM (VALUES
        (41, 1, 'It is sent', 'sent', NULL),
        (42, 1, 'It has failed', 'failed', 'refused'),
        (43, 1, 'It is cut into one half' || chr(10) || 'and another half', 'queued', NULL),
        (44, 1, 'It is uncertain', 'uncertain', NULL),
        (45, 1, 'It is being sent', 'queued', NULL),
        (50, 2, 'About hats', 'sent', NULL)
    ) said (n, chat, text, state, error), LATERAL (
        SELECT date_trunc('second', now()) - interval '1 hour' + n * interval '1 second' AS at) AS sent;
INSERT INTO "TelegramMessages" ("botId", "telegramChatId", "telegramMessageId", "chatId", "messageId") VALUES
    (:bot, :ada, 22, '00000000-0000-7000-8000-000000000001', NULL),
    (:bot, :ada, 23, '00000000-0000-7000-8000-000000000001', 'm-41'),
    (:bot, :ada, 24, '00000000-0000-7000-8000-000000000002', 'm-50'),
    (:bot, :ivan, 1, '00000000-0000-7000-8000-000000000004', NULL);

INSERT INTO "Activations" ("lineId", "chatId", "updateId", "deliveryCount", at) VALUES
    ('line-ada', '00000000-0000-7000-8000-000000000001', 800, 0, now() - interval '2 days'),
    ('line-ada', '00000000-0000-7000-8000-000000000003', 801, 1, now() - interval '3 hours'),
    ('line-ada', '00000000-0000-7000-8000-000000000002', 802, 2, now() - interval '2 hours');
INSERT INTO "TelegramTopics" ("lineId", "telegramTopicId", "chatId", "activeAsOf", "usedAt", "isGone") VALUES
    ('line-ada', 900, '00000000-0000-7000-8000-000000000003', NULL, now(), false),
    ('line-ada', 901, '00000000-0000-7000-8000-000000000002', 802, now(), true);

INSERT INTO "HeldMessages" (id, "lineId", "telegramMessageId", "mediaGroupId", text, timestamp, kind, attachment,
                            "replyToTelegramMessageId", "askedWith", "activeAsOf") VALUES
    (':held_25', 'line-ada', 25, 'album-2', 'Held together', date_trunc('second', now()),
     'photo', '{"fileId": "AgAC25", "fileUniqueId": "u25", "width": 9, "height": 6, "mediaGroupId": "album-2"}',
     NULL, 25, 901),
    (':held_26', 'line-ada', 26, 'album-2', '', date_trunc('second', now()), 'photo',
     '{"fileId": "AgAC26", "width": 9, "height": 6, "mediaGroupId": "album-2"}', NULL, 25, 902),
    (':held_27', 'line-ada', 27, NULL, 'Held alone', date_trunc('second', now()), 'text',
     '{"forwardedFrom": ""}', NULL, 25, 903),
    (':held_28', 'line-ada', 28, NULL, 'To what nobody knows', date_trunc('second', now()),
     'text', NULL, 999, NULL, NULL);

INSERT INTO "Deliveries" (id, "lineId", "botId", sequence, kind, method, payload, "chatId", "messageId", state,
                          attempts, "dueAt", error, "queuedAt", "expiresAt")
    SELECT line || '-' || n, line, :bot, n, kind, method, payload::jsonb,
        '00000000-0000-7000-8000-00000000000' || chat, message, state, CASE state WHEN 'queued' THEN 0 ELSE 1 END,
        now(), CASE state WHEN 'failed' THEN 'refused' WHEN 'uncertain' THEN 'no_answer' END, now(), expires_at
    FROM (VALUES
        ('line-ada', 1, 'call', 'sendMessage', '{"chat_id": :ada, "text": "Welcome"}', 1, NULL, 'sent', NULL::timestamptz),
        ('line-ada', 2, 'message', NULL, '{"start": 0, "end": 10, "number": 1, "count": 1}', 1, 'm-41', 'sent', NULL),
        ('line-ada', 3, 'message', NULL, '{"start": 0, "end": 10, "number": 1, "count": 1}', 2, 'm-50', 'sent', NULL),
        ('line-ada', 4, 'message', NULL, '{"start": 0, "end": 13, "number": 1, "count": 1}', 1, 'm-42', 'failed', NULL),
        ('line-ada', 5, 'message', NULL, '{"start": 0, "end": 24, "number": 1, "count": 2}', 1, 'm-43', 'queued', NULL),
        ('line-ada', 6, 'message', NULL, '{"start": 24, "end": 40, "number": 2, "count": 2}', 1, 'm-43', 'queued', NULL),
        ('line-ada', 7, 'message', NULL, '{"start": 0, "end": 15, "number": 1, "count": 1}', 1, 'm-44', 'uncertain', NULL),
        ('line-ada', 8, 'message', NULL, '{"start": 0, "end": 16, "number": 1, "count": 1}', 1, 'm-45', 'sending', NULL),
        ('line-ada', 9, 'filed', NULL, NULL, 2, NULL, 'queued', NULL),
        ('line-ada', 10, 'call', 'sendMessage', '{"chat_id": :ada, "text": "Bold and 🎩 italic", "entities": [{"type": "bold", "offset": 0, "length": 4}, {"type": "italic", "offset": 12, "length": 6}], "reply_parameters": {"message_id": 24, "allow_sending_without_reply": true}, "reply_markup": {"inline_keyboard": [[{"text": "One", "callback_data": "open:00000000-0000-7000-8000-000000000001"}], [{"text": "Two", "url": "https://example.com/"}]]}}', 2, NULL, 'queued', NULL),
        ('line-ada', 11, 'call', 'editMessageText', '{"chat_id": :ada, "message_id": 22, "text": "Changed", "reply_markup": {"inline_keyboard": []}}', 1, NULL, 'queued', NULL),
        ('line-ada', 12, 'question', NULL, '{"about": 25}', NULL, NULL, 'queued', NULL),
        ('line-ada', 13, 'call', 'answerCallbackQuery', '{"callback_query_id": ":tap", "text": "Done"}', NULL, NULL, 'queued', now() + interval '1 minute'),
        ('line-ivan', 1, 'way_in', NULL, '{}', NULL, NULL, 'queued', NULL),
        ('line-ivan', 2, 'call', 'setMyCommands', '{"commands": [{"command": "panel", "description": "Answer"}], "scope": {"type": "chat", "chat_id": :ivan}}', NULL, NULL, 'queued', now() + interval '1 day')
    ) owed (line, n, kind, method, payload, chat, message, state, expires_at);

INSERT INTO "Updates" ("botId", "updateId", identity, state, "receivedAt", payload, error) VALUES
    (:bot, 902, '', 'handled', now(), NULL, NULL),
    (:bot, 903, 'message:903', 'dropped', now(), NULL, 'too large'),
    (:bot, 904, 'message:29', 'quarantined', now(), '{"update_id": 904, "message": {"message_id": 29, "date": :now, "from": {"id": :ada, "is_bot": false, "first_name": "Ada", "last_name": "Lovelace", "language_code": "en"}, "chat": {"id": :ada, "type": "private", "first_name": "Ada"}, "text": "Out of quarantine", "reply_to_message": {"message_id": 23, "date": :now, "chat": {"id": :ada, "type": "private"}}}}', 'KeyError');

INSERT INTO "AccessLinks" (id, purpose, "userId", "expiresAt", "usedAt") VALUES
    (':way_in', 'signin', 'inf-maya', now() + interval '10 minutes', NULL),
    ('spent', 'invitation', 'inf-ivan', now(), now());
INSERT INTO "Sessions" (id, "userId", "createdAt", "expiresAt") VALUES
    (':session', 'inf-maya', now(), now() + interval '30 days');
INSERT INTO "Drafts" (id, browser, "influencerId", "chatId", text, "keptAt") VALUES
    ('draft', 'a-browser', 'inf-maya', '00000000-0000-7000-8000-000000000001', 'Half a sentence', now());

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "Lines" ADD "lastSaid" VARCHAR(64);
        ALTER TABLE "HeldMessages" ADD "replyToTelegramMessageId" BIGINT;
        ALTER TABLE "HeldMessages" ADD "telegramQuestionId" BIGINT;
        ALTER TABLE "HeldMessages" ADD "askedWith" BIGINT;
        -- Until now each message, or the first of an album, was asked about by itself.
        UPDATE "HeldMessages" h SET "askedWith" = f."telegramMessageId" FROM "HeldMessages" f
            WHERE f."isAsked" AND f."lineId" = h."lineId" AND (f.id = h.id OR f."mediaGroupId" = h."mediaGroupId");
        ALTER TABLE "HeldMessages" DROP COLUMN "isAsked";
        ALTER TABLE "Deliveries" ADD "kind" VARCHAR(16) NOT NULL DEFAULT 'call';
        ALTER TABLE "Deliveries" ALTER "kind" DROP DEFAULT;
        COMMENT ON COLUMN "Deliveries"."kind" IS 'CALL: call\nMESSAGE: message\nQUESTION: question\nFILED: filed\nWAY_IN: way_in';
        UPDATE "Deliveries" SET kind = 'message' WHERE "messageId" IS NOT NULL;
        UPDATE "Deliveries" SET kind = 'question', method = NULL,
                payload = jsonb_build_object('about', payload->'reply_parameters'->'message_id')
            WHERE state IN ('queued', 'sending', 'uncertain') AND method = 'sendMessage'
            AND payload ? 'reply_parameters' AND payload ? 'reply_markup';
        -- Links to the panel that can be used: what waits makes its own when it is sent, what was sent keeps none.
        UPDATE "Deliveries" SET kind = 'way_in', method = NULL, payload = NULL
            WHERE state IN ('queued', 'sending', 'uncertain') AND method = 'sendMessage'
            AND payload->>'reply_markup' LIKE '%/signin/%';
        UPDATE "Deliveries" SET payload = payload - 'reply_markup'
            WHERE method = 'sendMessage' AND payload->>'reply_markup' LIKE '%/signin/%';"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DELETE FROM "Deliveries" WHERE kind NOT IN ('call', 'message');
        ALTER TABLE "Deliveries" DROP COLUMN "kind";
        ALTER TABLE "HeldMessages" ADD "isAsked" BOOL NOT NULL DEFAULT false;
        ALTER TABLE "HeldMessages" ALTER "isAsked" DROP DEFAULT;
        ALTER TABLE "HeldMessages" DROP COLUMN "askedWith";
        ALTER TABLE "HeldMessages" DROP COLUMN "telegramQuestionId";
        ALTER TABLE "HeldMessages" DROP COLUMN "replyToTelegramMessageId";
        ALTER TABLE "Lines" DROP COLUMN "lastSaid";"""


MODELS_STATE = (
    "eJztXVtz2zYW/isYvTSdUbuJ7ThZ90m+JNHGkVtbbrpNOhxYhCyOSYAlIDuarv/7AuBFJA"
    "VSpEhRFIOHphaJA0rfAYFzP//0HGIim/48mEwQpZcWfuidgH96GDqI/6G42wc96LrLe+IC"
    "g3e2HL4cJ6/DO8o8OGH81hTaFPFLJqITz3KZRbAkANTC9zb6aU4RsDndCWAEsBkCLsTI7g"
    "PiyQsWAhCMkY3uPegAOJmQOWa/AItRfvsBYWBR8IBcBgi2FwBSPnoG6exn8S1MMuFfgz+m"
    "qQfOsfX3HBmM3CM+sccf++UvftnCJvqGaPjRfTCmFrLNBN6WKSaQ1w22cOW1sxn03smR4s"
    "fcGRNizx28HO0u2IzgaDj/reLqPcLIgwyZMfDx3LYDVoWX/O/KLzBvjqIvaS4vmGgK57Zg"
    "oaD2v8HyWs8wRldj4+ZibBi9FfaGFDEGBJcmBIulYWFG5e934DfDRviezfjH46Nn/zlLHP"
    "xR4oG/D67PPgyuXxwf/SgeSPj68tfeKLhzIG89yykgg/4kEvUlzO7ccwlFaqwv8NyReA/5"
    "d4R4glZwj5HXA354YYn+8n3ZHP7ezfD9aDg64Uv+Hlv4Kx6Ofh+OB+PhFb9m4UeLQTlyAx"
    "a9Oi7AolfHmSwStwSLlixB31zLQ9SAbJUr5xxKZjlI/RYElAOm4IcZUP4c/lEPd5p8N3KA"
    "Hg8/XdyMB59+FdM7lP5tS7QG4wtx50BeXaSuvkgzJZoEfB6OPwDxEfx5NbqQaBLK7j35xO"
    "W48Z898Z3gnBEDkycDmnEgw8vhpQST+aZrbsBhQVYbewPebfnd+17Z6xnljjBBMqzxGNsx"
    "N5O75MHr1wW2ST4qc5+U956fhbwwfVAeZQLAVcDfEQ/xTf8jWqycZCmcAwnvNphmz/B+Dt"
    "dTeHX5gnvwKRKw4iuT/3b+ixHzF+bg5mxwftGTCN/BycMT9EwjAbW4Qw5I6ko0dvWWc+Ck"
    "r0AM7yU44leI7xzJ1cx6hMGPVkjd0d01Unc4rrDULQCbO8gDxEVYCK+TGWQn4In/K4ThBX"
    "jyLIbAk8XXypwBChecC/w28vh0U484YhTmwm9fCMIOgpiBKRedLaYSubf8tPXy9pceF/VR"
    "sAD4+fNXKQH81LofYlZCBBfrMPUuBYuyvRL4vfgKP/374ODw8M3By8Pjt6+P3rx5/fblWz"
    "5Wft/VW29yNrfT4fvhaJzc1sSFfLl87oqDXHmE5DHBJ1MeIwpW7MG21iQ3lujzjcV6RN7C"
    "kMpuORaEtGchqebDxnwoLyDDBnUfLR1vKB2LQ6+kdCxIOisdHxaxIRxm2xAOV2wIsUO+KM"
    "KCRCOci3CO8iHQq0H5uAym2TOwiyofsWWZUD6u+ZZyPTwb91a2iRowPQum6Simsc00A9Pd"
    "aHQSdoUuF7IjW4sTIwrqb5+F4kQwWipWEJvygoWn9hzxheEJLUp4MhCczAARehGAd0K78u"
    "nmLsGrqlqdEyu0si89/37AuPAh4uNfKxrb8onBcF/KD+2HgqYPFMM89GhRAZS8HX9Gco5y"
    "OuB354Sp63TOVvYmHorxs4y4G1A2afHXUu+GUm/yrS1l9fcpNZf3gMs2pMxwEKX8VCwrgX"
    "PSTz5lBUG8ZV6dbWs60SG3AnSekSZO1Zx95uW2MN6JcSYlUBTW5AOyzuqatfm6kmDHxMXi"
    "UAsiDXQZoFek6MLSb0SoAa/gxfXXbB1qfzTRnmFeWPGPbwlFzCnBxlsDth33kadOtgLYLl"
    "9+je46dFd22NJmq5iDKOnwTwmAAfG7j9fIjqIH1JgnIww6grzKp2mhikidB/7N/VNFisHk"
    "wSmrCpGYo6vriM7IEzaUClcJiAo6OvZxBQXKf8U1FBgCurqKbLI0kzSG1D6uJhZkXtQEVp"
    "jI0fHlxYhrTWqCaizm6hJQW/X6+VqXyu8X6WM5nj85pmjsJo754n6ggEynyOuLDCSRxORr"
    "R8DlXJ4SzwE+8R2i6sjManPpPKeWGBb6OV42ZjFbEaMxRt8yjMQRQSdMOXlOlos/xgn/So"
    "jri0+DP35M+Fgur0bvw+ExPpxdXp2uxFAuv2YJ0FNkzUHf63UEeMsRrqe5Z5eBXRLd+jRd"
    "cDs1DTpl0GOb5Oz5hDqnq/2e3fbkZWomb43JFuevMAUqBIVTQmwEccb+SQcRWYrDd5xuW4"
    "dWKLI1y9XTq6vLBENPh+kt8vbT6cX1i1eSk3yQxTKcyI5FRRkCg/8zUWCe/14FxDeW2pyu"
    "X61WvVqixoTxgBZl9B1B89EnqUUqaZHOc3xQpLbDQXZth4OVGAEdRpiFPP995hW2F73IVr"
    "QPr1WwOPMPLB2vsNN4Be353Y3ndxImCWxu4O1YYshW7bqR11dh2Y17hLNtu+cJ//N68+6V"
    "SKKAtg2YSMWIClBZFJAnZJ4ACAKPCCDTIJFe1qyixEFsJtLmWZBVD+4IE/WqkD0VKRt01f"
    "y75WcpE0BiuVAU/S1fC0XuRyySWKdp7DhNg7O2dEI+p9HZ+NmKZKFA4+j1KIV8nEqDvzH4"
    "D/zXqneX9dXhQtoGjfhiFy9pyO+dDS4vT+T+/xVzefxm8P7iJNzwv+LfbrlcIgvF8a9BBc"
    "1X/G54eXHOn2/ZyPyKPw/+a4jick9wYVgtKSInziWiYFy2B2BJoe3/5e3/LlzYBCoA/8/N"
    "1UgNeIwkrXJbEwb+B2yLFtmn9gd5gUU+8mmQ+0l9WUyg8LywjetXRsQNblF86ByZZTcpvg"
    "3dij3Hp/6Kby5G58PR+xNAETY5P+SVsfzI+AY1CHYo6G9Rt6Ozi+vxQOxSc6F/MdiWjQoy"
    "hhxXpcplnuxxks4kbx28Onpz9Pbw+Cg6zaMreYe4onYR1zTKWwA5VWetf3ti7SvmhPQ8or"
    "A0ZR/rEYE+1cuf6v5mu8Hr5BPqN2of3ijt1u8+k5uvONYyZuqCY/uO8GY1JRxdT0LXddu6"
    "Y6/Ndd1atn7rK+um2BxqQLVz2VRpYJP7aKtK5vl5oyoPa5hQmuNejfJWC1bNg/GUF/AEMW"
    "e0qGYnitpZOPByitLjOKhMjjwEMGGyhwofKsbgBXD4AhNWJ8T/8x6tCaL/8lNoM2rqNfJY"
    "pcP1ziNPQXxF+HKl/a3aw7pjD+uSRUWxjpF0UIysqwFUPJ/0m+LwzUmCCsZ3Atym7UeiL9"
    "oGhgVBpps4aatC+1+obSu9OrpVR7fuGvV6oluj/kq6wnldqvCOW1Z94KNCbVmhs8Vv9/M0"
    "t9jA0l2rfqBRZKqMQH2Coi+r6AjF9R4n1KueZtZkFlYxsJiIa5WFyvM6VNUw87qw13RpE6"
    "2RtU8jU/FoBfe8MEyWLDijg2Ez+VUsHjNiiCxxszE7ZFGbCsxomfFvN7xwkGlB497j25+S"
    "EXnBlpzyvSDsjmemaeW6/ZaMzpQUEaYGLoQ6bllLRoJQB8K02pqRHemfYaVqPro/fIUbkK"
    "yKZGcfZmdnH65kZ0PG4GTmIFU/yewg8SSVjhPfPE6cn7ibJcf7hDrKq/07mIdce8EFY6Oy"
    "1iJnGpNxbcpLy7i+o3au9IG/gaK5dTluSLrPAZmGv7LqGCaybaw9/hZMoF+Iii+ErBllQG"
    "qQaclXQlIO6NVUc6AKB3Tcqg6obKHLY31A5W58HhJ2hbMjZEe2l0OMKOjeGM9Q2Hr1EXlU"
    "VnFJVea455sfBVBW2xDyBP/T5UP5uBfE4x+kTe7HE+CIWDFZKgZQ/kIjZfHnBp6nDkiL6k"
    "lEJ3NWYNqX3pxGfkWKENZ9W1vgHNEFQXYsyGYG4BQRYs+yQnE0K4qzwqLGnU0mD0jFhPyC"
    "qadLugYrpkZX9rZkatDIacHBnKuMiXlrP6Q9C0k7kz/f8Lp3IT+QTYOjaCnqrOcbFH3a25"
    "BU2xTbbFOU/ZwpLN/J+QZWkKtaxtBtB6XryrWZyHe3cm2oxpTkuCDrLLv3hL2Fdk6/UeAG"
    "MfKSMFM678AGWn+cfMw6UBRlQdJVgJsIjZ8rE9W2FRTfMriL2jFj67JAFvNyx6gB2G6nh6"
    "9srgl4+bcAo9vLS91EuTryKt27ySbKe4nTTABTT8fSVB5FF9HS3Up3VNU+J32nUOpOubSd"
    "m2S1eBjl2ohS8sm6CMLgsCyHsOqyqjaV0hsVO0s8JCNE1I6o2DiuMVjhqhRj+yA1zaNFxW"
    "15wyGPXMOfesTRxexb4LvS0fM6er4le34nrB0WNYSprrQX7BopS4BrF1ieCyx+8BR3fsWp"
    "tMt3Y9eXzhPReSLtOCR0nkgr2LB3Z3UUQVGpd0Q4y02lHhLNsLmz7SMiVpYujB9SXugC+Z"
    "urNg5cGHfIMMmcw1FW+OXEp+h8SapF4BIicMxGU0IWC6i66verPzIlsmGV0jTiVDrCbjM1"
    "QxfX23pF+YRFtgTOkvAdp+vqPlI/1lFqctn9WuYha5yL4izE2dKhMD5RZ3eOJqJhdCXDIl"
    "Eb5Yr6+8uyBlQ7Xngz8c4XwDXci2tAtvPdElLnVkaUkVqqaG4/2FNwVwSw0rm+O41M2hPU"
    "V979yhh17q1XZ1fWE7+VqqHTIdC2GZl0w9Hyv+dKZFJ4q58XmRQMKlpQOB4x9AMFQVON/r"
    "Lpyi9AlP99QAtR4lf0JwAE2wsARVL8DNKZopRwPXMqYpVSIUk6kqgJk1h2JJFO3voOk7fa"
    "0zW1ANN1f5PN/KTNZxW17g3ueFpR2/Cumle045YQaVlXIb0pxOFsKS41uHB7iLBzA8GAEg"
    "fdEXPBJTCXrxM+HGJT9HDwG+2JD9HoKSBzj/oh5RYDd8gm+J5/JqpGEVt5Rtk6Sf1iXSS+"
    "9NI3CwuMeW4+pciocPAFK7i9EmODDj5dTakdfNDVlNrMCt1tpR0M0QVad80BHQay9TCQnL"
    "0mJwYkZ4fRkQnr6+Bqh3n9DnNnqVNpv+4a12PipW9VjeFkJnuOCh2luq9XoMdRhn0R9Vnm"
    "4xdQbEMlNq+fYqW5CndQjJrBVeqfqHXdpnTdlnTxa9uxoEXM7sg+usvCDqVL3WWhiBC0vs"
    "uCbtZdv8S+G6ny1hU+ZZU4GdzJlSP9McWjaeZyfNg5mwIGHxCWIS8crD544sKc6A0hOmfb"
    "JsBEOELAjAuENjKVoTSVJ1zjWfHnDz5YJsLMYgstTbZJYNGek3bwIearj780xaH3yTT6Fd"
    "GPdqkSUmWcpgOVrLZdi6RSfQRaqS7CZkAHJ15JvHsfBqNzWfAgoP+Kf7sdXA9G4+HIL5oA"
    "PcjXDRZ3zq+vfv1VXDU94rrBs3ZeB8FDE2Q9bhSFGZJ2NSKvw1GYLlzYRFV0LLvsRYykC1"
    "6bpgtelC4zgnR5kXJor1g1dqQvUqkkrWqLQWBljq7IRxR2NWTWbf1FtiQMmgw6cCH0OS6z"
    "qxItNpxEZ1a0JBq4n6Payf+X2G7C8R0Qbhvf2h2o6uWVs7WHBHpr36AobugBy0wyKOIAu8"
    "1KN9gswuq7sSUl8w3KbjJxGr32y699G+L7uYi+mHDpoZRTLCA8C+i6AH7KhlHkTD3MPlIP"
    "X6c1Y4saS4FIscvkl2ceJkh1hboSFep0Xuh3YpEoobHFI6sniFLDtvBD5a5DYqZLPtEeLo"
    "VCFRlC/U5maFREq2Pu5+RWH23WGql1K2ruVm73dSYn6SpEpgenVZfQuZijqwCJ6JmK+BSM"
    "L2qZxFoInXqK53S88RmNVanZHKRYQZyugLRNy/YAedZk1lPYtoM7/TzrNlyOWWfezoahZt"
    "Pz9xJmdPDq6M3R28Pjo8giFF3JMwStDyB6RJ66yHW2KSJG0sEA3Rpt+zGVx1V0AMtGOBje"
    "QXRfvXxZJP7h5cvsAAhx7zmtJLGSTXNiJJU65rQN7Rxwa2uZs1M37fP/AcUpvJM="
)

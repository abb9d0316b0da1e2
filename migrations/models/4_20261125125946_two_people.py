from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        -- Whoever tried a coupon of their own was one person on both sides, and is two from now on: the consumer of
        -- such a chat is who they were then, without an account. What has a delivery was said by the influencer.
        CREATE TEMPORARY TABLE former ON COMMIT DROP AS
            SELECT id AS influencer_id, gen_random_uuid()::text AS id, name FROM "Users"
            WHERE id IN (SELECT "influencerId" FROM "Chats" WHERE "consumerId" = "influencerId");
        INSERT INTO "Users" (id, name, "isInfluencer", "createdAt") SELECT id, name, false, now() FROM former;
        UPDATE "Messages" SET "senderId" = former.id FROM "Chats", former
            WHERE "Chats".id = "chatId" AND "consumerId" = "influencerId" AND "influencerId" = influencer_id
            AND "senderId" = influencer_id AND "deliveryState" IS NULL;
        UPDATE "Lines" SET "shownChatId" = NULL FROM "Chats"
            WHERE "Chats".id = "shownChatId" AND "consumerId" = "influencerId";
        UPDATE "Chats" SET "consumerId" = former.id FROM former
            WHERE "consumerId" = "influencerId" AND "influencerId" = influencer_id;
        ALTER TABLE "Chats" ADD CONSTRAINT "chk_Chats_two_people" CHECK ("consumerId" <> "influencerId");
        """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "Chats" DROP CONSTRAINT "chk_Chats_two_people";
        """


MODELS_STATE = (
    "eJztXVtz2zYW/iscvTSdUTuO7ThZ90m2lURbR25tue006XBgCZI4JgGGgOxouv7vC4B3Ea"
    "RAiaIoBi+JBeKA0ndwOXf823HwBNrk5954DAm5ttBj59z4t4OAA9kfkqddowNcN37GGyh4"
    "sEX3uJ9oBw+EemBM2aMpsAlkTRNIxp7lUgsjQWAQC81s+NOCQMNmdOcGxQadQ8MFCNpdA3"
    "uiwYIGMEbQhjMPOAYYj/EC0V8MixL2+BEiwyLGI3SpgZG9NABhveeAzH/m32KCx+xrsNfU"
    "9cIFsr4uoEnxDLKBPfbaz/+wZgtN4DdIwo/uozm1oD1J4W1N+ACi3aRLV7RdzoH3XvTkP+"
    "bBHGN74aC4t7ukc4yi7uy38tYZRNADFE4S4KOFbQesCpv878oaqLeA0ZecxA0TOAULm7OQ"
    "U/vfIG7rmObwZmTe9Uem2cmwN6RIMCBoGmPEp4aFKBG/3wHfTBuiGZ2zj2enL/57Yhz8Xv"
    "yFf/RuLz/2bl+dnf7IX4jZ/PLn3jB4ciwevYghAAX+IAL1GGZ34bmYQDnWfbRwBN4D9h0B"
    "GsMM7gnyasAPG2L04/WyOfydu8GH4WB4zqb8DFnoCxoM/xiMeqPBDWuz0JNFgei5AYteny"
    "mw6PVZLov4I86imCXwm2t5kJiAZrlyxaCklgPlqyCg7FEJPyYB5c/hH9Vwp861UQD0aPCp"
    "fzfqffqND+8Q8tUWaPVGff7kWLQuV1pfrTIlGsT4czD6aPCPxt83w75AExM688Qb436jvz"
    "v8O4EFxSbCzyaYJIEMm8OmFJPZpjvZgMOcrDL2Brzb8dr7XtnrmeWOME4yqPAY2zM307vk"
    "8Zs3Ctsk65W7T4pnLy9cXpg+So8yDmAW8PfYg2zT/xUuMyfZCs6BhHcfDHNgeL+E8ylsjR"
    "e4B54jASs5M9lvZ78YUn9i9u4ue1f9jkD4AYwfn4E3MVNQ8yf4GK+0RH2zj5xjZ7UFIDAT"
    "4PBfwb9zJFdT6wkEP1oidUdP10jdYT9lqZsDtnCgZ2AXIi68jueAnhvP7F8uDC+NZ8+i0H"
    "i22FxZUIOAJeMCeww9NtzUww7vhZjw2+WCsAMBosaUic4WlYncO37benn7c4eJ+jCYAOz8"
    "+aeUAH5hzQaIlhDB+TxcWUvBpGyuBD7jX+Gn/xwfn5y8PT46OXv35vTt2zfvjt6xvuL7Zh"
    "+9LdjcLgYfBsNRelvjDcVy+cLlB7n0CCligk8mPUYkrDiAba1ObsTos43FeoLe0hTKbjkW"
    "hLSXIanmw8Z8KC8ggxp1Hy0dbygd80OvpHTMSVorHZ+o2BBO8m0IJxkbQuKQV0WYk2iECx"
    "EuUD44ehUoH9fBMAcGtqrykZiWKeXjlm0pt4PLUSezTVSA6WUwTEsxTWymOZjuR6MTsEt0"
    "uZAd+Voc76Gov/3JFSeMYKxYATQRDRaa2gvIJobHtSjuyYBgPDcw14sM8MC1K59u4WKUVd"
    "WqHFiilX3u+M8DxoUv4R//yWhs8RuD7h58sghHgHX9nCLuhiqAMC6WU+6+O+9KVcduvhY3"
    "9mDIi5JybEBZpylfi7MbirOJFVeSywGl5vIBcNkGhJoOJIQdd2VFa0b6yafcQsJumLtm1y"
    "pMdMhlgC6yviSp6jO8HO0K471YXVYECmUVPSBrrRJZmRMrDXZCDlSHmhNpoMsAnZGilaXf"
    "iFADvoV71p+zVejz0UAHhrmyRp/cElTsJMHGq53f65FNnWwK2MaLX6O7Dt3MDlvaHpXw/K"
    "Q9+SsCYED8/tdbaEdhAXLM06EDLUFe5qy04JZIXQWOy8NTRZRgInP8jEypPlECJEUD/SEC"
    "FOi2W86iQM9t62KzcWwFqA2pQ5xNNMgYqAisMAGh5dOLYtcaVwTViI/VJqB26q3ylQqZvy"
    "pSNwo8VqKPaswhSviQfiAGnk6h1+WZMzz5xhf+DZdxeYo9x/CJHyCRRxRuN5bOz2mI3twt"
    "cCJRi9qS2IIR/JZjA40IWmGpKPIh9P8apdwHIa6vPvX++jHlQri+GX4Iuyf4cHl9c5GJ/Y"
    "u/ZgnQV8jqg77TaQnwlsM9KwvPLgO7ILr3adrgVakbdEKBRzfJNfMJdS5S8x2Xzckn1Eze"
    "GZMtxl9u6ZIIChcY2xCgnP2T9CKyFQ4/MLpdHVqhyFYvVy9ubq5TDL0YrG6R958u+revXg"
    "tOsk4WzfGR8oR58xEuywjBnOZXn6SSo6pBgvDZsUqi+nF+ovpxxi+qQ6fykGe/b3KD7GUn"
    "MiAcwjYWTM7iXUz7aPfqo9Xerv14u8ZhxPPmVr+WRbnv1NgXebok5r6kFyzf4HeV8rmtt/"
    "nd8IhwYNsG5XHlUTUdixj4GU7ODWAEZnIDT4OsYFGAh2AH0jnPAaZBirDxgCkvvgPtKY8/"
    "J1mb4I7fJY1mTyR2EPhVLAtJIHsielKHpu85NJ2xtnR2MaPRqcX52oVScGW0PEohn6TS4G"
    "8MPt/gsGTS59sXYwptXSxvXXTB0sZAAvh/726GcsATJKu6mzWmxv8M2yIqE/5wkOdYFCO/"
    "CnI3rXjxASR2XbpxVbeIuEYvBuu6gOF0UK7r9vt9/75/dW741F/QXX94NRh+ODcIRBPGD9"
    "EyEh/pF/S+N7jmvafAsnnv++Fl/3bU44XhFlyQp4xdq+KUymldfQ04QCl0XJlOkHtEJEla"
    "k/lw/Pr07em7k7PT6FiIWopOA0lFDyayljclMarWmpEOxGyk5uLwPCwxWeQf6xGBPtXLn+"
    "r+ZrvBcvIJ9Yo6gBVVf4mWhi0qXaHl0BHeLFfX0Xm6uhDOzp0HTS6E07D5W10dHMnmUAGq"
    "rQvjXwU2vY82qsbQR9YrxF/iy0k+7ha5cxIdSxeO/YFE/hThN3kG/GoEXpSVzqHD6wPxMk"
    "HPc2s8DwOyLcq9MaJWUFGR2ApGXuesWc3SkBUg0p6a/XpqZDzK4F7kPKDp3BntwtnSixAx"
    "RGTrbMwOkZ+zBTMadpzsy6MzsYA589j2J2VEkWeHUX7ghO2R9eu2BFGGbhnMw/46O6I81B"
    "bb/ilw3LJGtxShtro12ur2yDAsI1OF/WtcT+ESrkGyUokpPsmPKT7JxBQDSsF47kBZSfd8"
    "j3SaSjulN3dKsxN3s5Bun1DnoTR/B+N5KOQRykTiNWkoIVWNWShRy8Gmofg5PwxyE0/LaS"
    "E+ZY/cTLUCso0Cov042sHQQKPtegfDfiy2AnaJqTZkR76NlvdQNM6O5jCs3f4EPSIyJ1ai"
    "4Wds8+P3b/EId37bFvvTZV1Zv1fYYx+EReHHc4P9kKUIkScGYQsaSqtw1PA+qSE3juGOTF"
    "KhFyQbfJ+4+I1AiHR9+AaYdnUQ/p4tuLlhLioG3Mu8gBfNCnVWMIXhwcbjTVSGi5hOKw0l"
    "lIYDvd2uXUXWXSCugGYoWpKCN8XmEJ/2PiTVFpEmW0R0IYPvsJBBKGGX5Dgnay27D4S9So"
    "vaLya8QZC0IMwVHA/S6bzrON6E4qqKMidpK8B11AFZkDorgDQMblUTW2JeKgScxjtGBcC2"
    "O5I3s7mm4GXfwhjeX1/rewQqqLKy53sEDhKnOQemmqrmKwHKbURLVzTfU5Gjgrh4pZj4cv"
    "Hwd+niQSC+N5e7N1D61lxrwj4HpYey3pTthpJfthufJR6vpEJyfCSJfkxjsMJZyfuKm3aT"
    "wySv4HXwE9Pwpx52dG2jBrhVdFiqDkttyJ7fCmuHRUxuqivtoLmF0kI+2jtT5J1JHjzqfp"
    "kklfZGbuyV0QHYOgC7GYeEDsBuBBsO7qyOnPtbVYALR7nbqhJcPWxubRG4iJWly1uFlH1d"
    "5mpz1cYBS/MBmhO8YHCUFX4Z8QW8ikm1CFxCBE7YaErIYgFVW/1+Z6cK+8vZaf4VG6er+0"
    "tkwyqlaSSpdPDXZmpG/dXVGqfe7br4V8oiWwJnQfie0bV1H6keaw+69tJkMmnZ/ZqRjbDG"
    "WRVnLs6WDoXxiVq7c9QRDVNv0EbT8N5N/TV/WlaAastvGUqteQVcw724AmRbX9hu5dzKiT"
    "KSSxX17QcHCm5GANvieqw9RCYdCOqZtb81Rq1b9fLEv2rit0bpynotAm2XkUl3DC3/e2Yi"
    "k8JH3aLIpKCTaqXOZMTQD8R48PAzkxm6BmG7NeThQ7/wO86MR7jktTMfoUsNjOylAXi+9h"
    "yQuaRGZzVjSmKVVkKSdCRRHSax/Eginbz1HSZvNefCdAWm17n6DoTHSn7S+rOKGreCW55W"
    "1DS8t80ruuzdXfau+vuq3LMq60qkN4k4nC/FrXRWrrseXV6LxI21D3iyZBKYy+YJ6w7QRF"
    "xcOxaR4+xD4qpbvPCIH1JuUeMB2hjN2Gcsq8C+k3eULeHTVSvPvsW1ukVuPqnIKHHwBTO4"
    "uRJjjQ4+XeinGXzQhX6azAp9jUEzGKJrh+6bAzoMRN8Bd7Awa4d5rQ5zfWFZGy4sS2eyF6"
    "jQUar7egV6FGXYq6jPIh9fQbENldiii8q2Gkv5arLolqWtLibTum5dum5Drsdq2rGgRcz2"
    "yD76AoA9Spf6AgAVIajJNwwfKqbrJfb9SJX3Lvcpy8TJ4EmhHOn3UY+mWYj+4ZW0xKDgES"
    "IR8sLA6hrPTJjj1xbwK2ntiYEwd4QYcyYQ2nAiDaXZesA1nhV//OCDNYGIWnSppckmCSza"
    "c9IMPiR89clFow69T6bR3xL9aJcqIVUmaVpQyWrXtUi2qo9AtqqLsBnQwYlXEu/Ox97wSh"
    "Q8COi/oN/ve7e94Wgw9IsmAA+weYP4k6vbm99+460TD7tu8K6910Hw4BhaTxtFYYakbY3I"
    "a3EUpguWNpYVHcsve5EgaYPXpu6CF6XLjEBdXqQc2hmrxp70RSKUpKy2GARWFuiKrIeyqy"
    "G3busv4ra84P47Byy5PsdkdlmixYaD6MyKhkQDdwtUO/F/ie0m7N8C4bb2rd0BsmumCrb2"
    "kEBv7RsUxQ09YLlJBioOsPu8dIPNIqy+G1tSOt+g7CaTpNFzv/zctwGaLXj0xZhJD6WcYg"
    "HhZUDXBvBXbBgqZ+pJ/pF68mZVM7aIGQtEkl2muDzzIEWqK9SVqFCn80K/E4tECY0tGVk9"
    "hoSYtoUet751iI90zQY6wKmgVJEh1O9EhsaWaLXM/Zze6qPNWiO1bkYt3K2v+7oUg7QVIh"
    "4csiVAiuEzDRPIlNCppjZMy+/1IokiLJuDlKj30haQdmm47UHPGs87EtNt8KRbZLwFcZ91"
    "1tt8GCq2rH4vUTTHr0/fnr47OTuNDB5RS5GdY318zBP05DWc8zXtBEkL408rNF0nJHpXcs"
    "FVPsJB9xai+/roSMW9f3SU79/nz15WdQBa8k6YBMlWF8I0De0CcCu7EWavXsiX/wNHZUyh"
)

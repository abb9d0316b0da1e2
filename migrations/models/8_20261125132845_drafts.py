from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "Drafts" (
    "id" VARCHAR(36) NOT NULL PRIMARY KEY,
    "browser" VARCHAR(64) NOT NULL,
    "text" TEXT NOT NULL,
    "keptAt" TIMESTAMPTZ NOT NULL,
    "chatId" VARCHAR(36) NOT NULL REFERENCES "Chats" ("id") ON DELETE CASCADE,
    "influencerId" VARCHAR(255) NOT NULL REFERENCES "Users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_Drafts_browser_1fb5ad" UNIQUE ("browser", "chatId")
);
CREATE INDEX IF NOT EXISTS "idx_Drafts_keptAt_a9456d" ON "Drafts" ("keptAt");
COMMENT ON TABLE "Drafts" IS 'What an influencer wanted to say in a chat when they were not signed in any more: see services/drafts.';"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "Drafts";"""


MODELS_STATE = (
    "eJztXVtz2zYW/isYvTSdUbuO7ThZ90m+JNHWkVtbbjtNOhxYhCSOSYAlIDua1v99Ad5EUi"
    "ANUhRFMXhoaoE4oPQdXM4d//QcYiKb/jiYTBClVxZ+6J2Cf3oYOoj/IXnaBz3ouqtnooHB"
    "e9vvvurnt8N7yjw4YfzRFNoU8SYT0Ylnucwi2CcA1MIzG/2woAjYnO4UMALYHAEXYmT3Af"
    "H8BgsBCMbIRjMPOgBOJmSB2U/AYpQ/fkAYWBQ8IJcBgu0lgJT3nkM6/1F8C5NM+Nfgr2nq"
    "hQts/b1ABiMzxAf2+Gs//8WbLWyir4hGH90HY2oh20zhbZliAL/dYEvXbzufQ++931P8mH"
    "tjQuyFg1e93SWbExx3579VtM4QRh5kyEyAjxe2HbIqagq+K29g3gLFX9JcNZhoChe2YKGg"
    "Dr7Bqq1nGKPrsXF7OTaM3hp7I4oEA8KmCcFialiYUf/3O/CrYSM8Y3P+8eT4OXjPCoegl3"
    "jhb4Ob84+Dm1cnx9+LFxI+v4K5NwqfHPqPnv0hIIPBID7qK5jdhecSiuRYX+KF4+M95N8R"
    "4glawz1BXg/4UcMK/dV6qQ5/73b4YTQcnfIpP8MW/oKHo9+G48F4eM3bLPxoMej3rMCi1y"
    "cKLHp9kssi8UiwaMUS9NW1PEQNyNa5csGhZJaD5KsgpBwwCT/MkPLH6I96uNPk2igAejz8"
    "dHk7Hnz6RQzvUPq37aM1GF+KJ4d+6zLT+irLlHgQ8Ptw/BGIj+DP69GljyahbOb5b1z1G/"
    "/ZE98JLhgxMHkyoJkEMmqOmlJM5puuWYHDgqw29oa82/La+1bZ6xnljjBBMqzxGNsxN9O7"
    "5OGbNwrbJO+Vu0/6z56fhbwwfZAeZQLAdcDfEw/xTf9ntFw7yTI4hxLeXTjMnuH9HM2nqH"
    "W1wD34FAtYyZnJfzv/xYgFE3Nwez64uOz5CN/DycMT9EwjBbV4Qg5JpiXuu/7IOXSyLRDD"
    "mQ+O+BXiO8dyNbMeYfijJVJ3/PQFqTvqpyx1C8AWDvIAcREWwutkDtkpeOL/CmF4CZ48iy"
    "HwZPG5smCAwiXnAn+MPD7c1COO6IW58NsXgrCDIGZgykVni8lE7i2/7WV5+3OPi/oonAD8"
    "/PmrlAB+Zs2GmJUQwcU8zKylcFK2VwKfia/ww38PD4+O3h4eHJ28e3P89u2bdwfveF//+6"
    "4/eluwuZ0NPwxH4/S2JhqK5fKFKw5y6RFSxISATHqMSFixB9tak9xYoc83FusReUvDV3bL"
    "sSCiPY9INR8q86G8gAwb1H20dFxROhaHXknpWJB0Vjo+UrEhHOXbEI7WbAiJQ14VYUGiES"
    "5EuED5EOjVoHxchcPsGdiqykdiWqaUjxu+pdwMz8e9tW2iBkzPw2E6imliM83BdDcanQ+7"
    "RJeL2JGvxYkeivrb70JxIhitFCuITb/BwlN7gfjE8IQWJTwZCE7mgAi9CMB7oV0FdAuX4H"
    "VVrc6BJVrZ517wPGRc9BLx8a81jW31xrB7IOVH9kNB0weSbh56tKgAyn+cfEd6jHI64Dfn"
    "hKnrdM5X9iYeSvCzjLgbUjZp8ddSb0WpN71qS1n9A0rN5T3gsg0pMxxEKT8Vy0rgnPRTQL"
    "mBIN4yr862NZ34kFsDushIk6Rqzj5zsC2Md2KcyQgUypp8SNZZXbM2X1ca7IS4qA61INJA"
    "lwF6TYpWln5jQg34Bl7cYM7WofbHA+0Z5sqKf3JLUDGnhBtvDdh23EeeOdkUsF0tfo3uS+"
    "iu7bClzVYJB1Ha4Z8RAEPi9z/fIDuOHpBjno4w6AjyMp+mhTZE6iL0b+6fKqIGkwenbFOI"
    "xBhdnUd0Tp6wIVW4SkCk6OjYxxkUKv8bzqHQENDVWWSTlZmkMaT2cTaxMPOiJrCiRI6OTy"
    "9GXGtSE1RjMVaXgNqq1y/QumR+v1gfK/D8+X1UYzdxwhf3HQVkOkVeX2QgiSSmQDsCLufy"
    "lHgOCIjvEZVHZm42ls5zaolhoV/gZWMWsyUxGmP0NcdIHBN0wpRT5GS5/GOc8q9EuL76NP"
    "jj+5SP5ep69CHqnuDD+dX12VoM5eprlgA9Q9Yc9L1eR4C3HOF6Wnh2Gdh9oruApgtup6ZB"
    "pwx6rErOXkCoc7ra79ltT16mZvLWmGxx/gpToERQOCPERhDn7J90EJNlOHzP6bZ1aEUiW7"
    "NcPbu+vkox9GyY3SLvPp1d3rx67XOSd7JYjhNZFB4wHtCyjBAsaH4OSGo5qlokCJ8cqiT8"
    "H+Yn/B+uOY51bFke8vz3mdfYXvZiA8I+bGPh5CzexbQTe6dObO0O3I07cBJFjle3+nUsW2"
    "Crxr7YFSgx9yXdhPkGv4uUU/Jlm9+1iKyHtg2YiM+PqxJZFJAnZJ4CCEIzOSDTMLvaL2RE"
    "iYPYXORSszDVGtwTJooYIXsq4vjpuk1wy++SZgUkEmQo+ttfFpKEgER4qY7d33HsPmdt6S"
    "xtTqNTtPO1C6Xo03h5lEI+SaXBrwy+2OCIZNLn2xdXFNq6WN666MKlTaAE8P/dXo/kgCdI"
    "srqbNWHgX2BbVGXC7w/yAoti5LMg99OKlxhAYtdllavjxcQNejF41wWKpoNyfbxf7y7vLi"
    "9OQUD9Bd9eji6Gow+ngCJscn74LWP/I/uC3w+GV6L3FFq26H03Or+8GQ9Egb2FEOQZZ1dW"
    "nFI5reuvpQcZQ44r0wlyj4gkSWdSQw5fH789fnd0chwfC3FL0WkgqYzCRdbypiRO1Vkz0p"
    "6YjdRcHJ5HJCaL/GM9JtCnevlTPdhsKyyngFCvqH1YUdpp2H0mN1/PqGXM1OWM9h3hahnr"
    "js5W11Wjtu4hanPVqJbN3/qKRkk2hxpQ7VyuRhbY9D7aqoJcQVaazFUXpasV+OnirDjFml"
    "wwGVAPniDmjBa1skTJLAuH7jJR2BiHdY+RhwAmzL+hgXcVffASOHyCCasT4v95j9YE0f8E"
    "CXo5Fbsaea3Uc3fvkafQUR8trqzjTrvqduyqW7FIFesESQfFyLqul0lmq32VHL4FKRZh/0"
    "6A27T9SNy6VMGwIMj0FTHaqtD+BbVtpVeHSeowyV2jXk+YZHx7i66fXJcqvOMLcT7yXpG2"
    "LNHZko/7RZpbomPpO3G+o3GIox/K+ATFrY/ivhmu9ziRXvU0tybzKEfaYiJA0i+DXHT/TQ"
    "0jvxQ/mS2coDWy9mlkMh6t4V4Uz8fS5Sx0VGUuv9QC+2KG+AU0KrPDL5mxATNaZvzbVZCl"
    "aUFj5vHtT8qIomBLTvlBEHbHM9O0ct1+S0ZnChYIUwMXQh23rCUjRagDYVptzXjgGJaRqa"
    "L+Da6naAk3IFmppPke5af5Hq2l+ULG4GTuINltdflB4mkqHSdePU6cn7jVsqwDQh3l1f4d"
    "TJSGoA9IJhK/UBkiomqwMETcsreVIYIyHBxyg0zLaSEB5YBeT7UCsokCoqPudDhYCw22L4"
    "eD7cZi68MuMdVG7Mi30YoeisbZ8RxF19I9Io/6xQwyCeozvvmJq8VF0rm4SJz/6fKuvN8r"
    "4vEPvkXh+1PgiEgXv2ICoHxBI2lhzAbeJw+nidOqY5NUXljN5+Sd9hQhrO+0a4FpV+fF79"
    "iCmxs+oGLAPc8LJNCsUGcFVxjubTKpojKcrei00lBCaQgvuVhyMBcyU0jR3I9ozyPSzmT/"
    "NjzvXcgPZNPgKFqSGrTF5pCA9i4i1RaRNltEdG3B3IXX3dqCkYRdkuOCrLPs3hP2Ki3q4H"
    "6fCsGnPmGu4LiXTudtB6AmFFdVlAVJVwFuIuZ0Ic0A2Va0acvgVjWxJealQnrgaseoAdhu"
    "512uba4pePm3AKO7qyt99+HmyMvUwibvPtxLnOYCmHouGssEKHcRLX3J2I7qDhfExSvFxJ"
    "eLh79N1/OFcRC7KPabTjim0DJXecbr3pTNhpI6ShJniSeKm9IcH0miH9cYrGhWir59kBnm"
    "0aLisf/AIY9cw596xNHlhlvgVtFhqTostSV7fiesHRY1hKmutIPmBklr62rvTJF3JnnwqP"
    "tlklTaG1nZK6MDsHUAdjsOCR2A3Qo27N1ZHTv3NyrKHo1yu1Fx9mbY3Nm67DErS1ecjigv"
    "deXp6qqNA5fGPTJMsuBwlBV+OfEZuliRahG4hAicsNGUkMVCqq76/eqvQxbbsEppGkkqHf"
    "xVTc3QVau2Xqo5ZZEtgbNP+J7TdXUfqR9rD7n20uAyadn9mpONicZZFWchzpYOhQmIOrtz"
    "NBENo0uEqURtlKuWHUzLGlDteEW71JpXwDXai2tAtvNlyDPnVk6UkVyqaG4/2FNw1wSwDW"
    "6s3kFk0p6gvrb2N8aoc6tenvhXT/zWOF1Zr0OgbTMy6ZajFXzPtcik6FG/KDIp7KRaqTMZ"
    "MfQdBWG1+v7qNoOfxLXj4AEtRe1MUfgbEGwvART52nNI55IanfWMKYlVyoQk6UiiJkxi+Z"
    "FEOnnrG0zeas91hApM1xcHVPOTNp9V1LoV3PG0orbhvWle0Y5rrWdlXYn0JhGH86W4TGfl"
    "uutRSXSCASUOuifmkktgLp8nvDvEpiiOHtxgJT7EvaeALDwahJRbDNwjm+AZ/0xkFdi38o"
    "6yJXz6auXZP/eyD5UFxiI3n1RklDj4whncXomxQQefLvTTDj7oQj9tZoW+xqAdDNG1Q3fN"
    "AR0Gom/s3luYtcO8UYe5vl66C9dLpzPZC1ToONX9ZQV6HGfYq6jPfj6+gmIbKbFFF5VtNJ"
    "by1WTxLUsbXUymdd2mdN2WXI/VtmNBi5jdkX30BQA7lC71BQAqQtDLFwDoW3Drl9h3I1Xe"
    "ucKnLBMnwyeFcmTQRz2aZuH3j66kpYDBB4T9kBcOVh88cWFOXFsgrqS1TYCJcISAORcIbW"
    "RKQ2k2HvAFz0owfvjBMhFmFltqabJNAov2nLSDDwlffXLRqEMfkGn0N0Q/3qVKSJVJmg5U"
    "stp2LZKN6iPQjeoiVAM6PPFK4t37OBhd+AUPQvov+Ne7wc1gNB6OgqIJ0IN83mDx5OLm+p"
    "dfRKvpEdcN37XzOggemiDrsVIUZkTa1Yi8DkdhunBpE1nRsfyyFwmSLnhtmi54UbrMCNLl"
    "RcqhvWbV2JG+SH0laV1bDAMrC3RF3kPZ1ZBbt/Un/7a88P47By6FPsdldlmiRcVBdGZFS6"
    "KB+wWqnf//EttN1L8Dwm3jW7sDZddMFWztEYHe2isUxY08YLlJBioOsLu8dINqEVbfjC0p"
    "nW9QdpNJ0ui5X37u2xDPFiL6YsKlh1JOsZDwPKTrAvgZG4bKmXqUf6QevclqxhY1VgKRZJ"
    "cpLs88TJHqCnUlKtTpvNBvxCJRQmNLRlZPEKWGbeGHjW8dEiNd8YH2cCooVWSI9Ds/Q2ND"
    "tDrmfk5v9fFmrZF6aUYt3I2v+zr3B+kqRKYHp5tOoQsxRlcBEtEzG+KjGF/UMolVCZ16iu"
    "d0/OIzmqhSUx2kREGcroC0Tcv2AHnWZN6T2LbDJ/0i6zZc9XnJvJ0PQ82m528lzOjw9fHb"
    "43dHJ8exRShuKTIEvRxA9Ig8eZHrfFNEgqSDAbo12vYTKo8ruQEsH+GwewfRfX1woBL/cH"
    "CQHwAhnj1nlSRW8tKcBMlGN+a0De0CcGu7Mmenbtrn/wPIRB8T"
)

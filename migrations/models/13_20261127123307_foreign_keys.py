from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE INDEX IF NOT EXISTS "idx_AccessLinks_userId_4d522f" ON "AccessLinks" ("userId");
        CREATE INDEX IF NOT EXISTS "idx_Activations_chatId_bc00ae" ON "Activations" ("chatId", "at");
        CREATE INDEX IF NOT EXISTS "idx_Coupons_influen_bc08d6" ON "Coupons" ("influencerId");
        CREATE INDEX IF NOT EXISTS "idx_Deliveries_chatId_00f90c" ON "Deliveries" ("chatId", "peerId", "sequence");
        CREATE INDEX IF NOT EXISTS "idx_Drafts_influen_976169" ON "Drafts" ("influencerId");
        CREATE INDEX IF NOT EXISTS "idx_Drafts_chatId_98f3d3" ON "Drafts" ("chatId");
        CREATE INDEX IF NOT EXISTS "idx_Messages_replyTo_f1de70" ON "Messages" ("replyToId");
        CREATE INDEX IF NOT EXISTS "idx_Messages_senderI_3a5f2a" ON "Messages" ("senderId");
        CREATE INDEX IF NOT EXISTS "idx_Peers_shownCh_4e38d0" ON "Peers" ("shownChatId");
        CREATE INDEX IF NOT EXISTS "idx_Sessions_userId_c61c98" ON "Sessions" ("userId");
        CREATE INDEX IF NOT EXISTS "idx_TelegramMes_chatId_9cbbf0" ON "TelegramMessages" ("chatId");
        CREATE INDEX IF NOT EXISTS "idx_TelegramTop_chatId_a3609f" ON "TelegramTopics" ("chatId");"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP INDEX IF EXISTS "idx_TelegramMes_chatId_9cbbf0";
        DROP INDEX IF EXISTS "idx_TelegramTop_chatId_a3609f";
        DROP INDEX IF EXISTS "idx_Activations_chatId_bc00ae";
        DROP INDEX IF EXISTS "idx_AccessLinks_userId_4d522f";
        DROP INDEX IF EXISTS "idx_Deliveries_chatId_00f90c";
        DROP INDEX IF EXISTS "idx_Sessions_userId_c61c98";
        DROP INDEX IF EXISTS "idx_Messages_senderI_3a5f2a";
        DROP INDEX IF EXISTS "idx_Messages_replyTo_f1de70";
        DROP INDEX IF EXISTS "idx_Coupons_influen_bc08d6";
        DROP INDEX IF EXISTS "idx_Drafts_chatId_98f3d3";
        DROP INDEX IF EXISTS "idx_Drafts_influen_976169";
        DROP INDEX IF EXISTS "idx_Peers_shownCh_4e38d0";"""


MODELS_STATE = (
    "eJztXVtz2zYW/isYvTSdUbuO7ThZ90m+JFHryKktN93WHQ4sQhLHJKASUBRNm/++AHinQI"
    "qUKIpi8LDdmMQhqe/gcu7nn45DTGTTH3ujEaL0xsLPnXPwTwdDB/F/KO52QQfOZtE9cYHB"
    "J1sOj8bJ6/CJMheOGL81hjZF/JKJ6Mi1ZswiWBIAauGJjX6YUwRsTncOGAFsisAMYmR3AX"
    "HlBQsBCIbIRhMXOgCORmSO2U/AYpTffkYYWBQ8oxkDBNtLACkfPYV0+qP4CpOM+Gfw19T1"
    "wjm2/p4jg5EJ4g92+Wv//ItftrCJviAq/vyzw1/vGpbZ+UvcmT0bYwvZZgJ6fpPfktcNtp"
    "zJa5dT6L6VI8XvejJGxJ47OBo9W7IpweFw/rPF1QnCyIUMmTE+4Llt+1wLLnmfzS8wd47C"
    "7zWjCyYaw7ktuCmovS+IrnUMY3A7NO6vh4bRWeF0QBHjhX9pRLCYJRZmVP5+B34xbIQnbM"
    "r/PDv96r0nwsEbJV74W+/u8n3v7sXZ6ffihYRPNW8aDvw7x/LWV/kIyKD3EMmACObZ3J0R"
    "itRYX+O5I/Hu82+EeIRWcI+RVwN+cCFCP1o6m8Pfue+/G/QH53z2T7CFH3F/8Ft/2Bv2b/"
    "k1C3+2GJQjN2DRy7MCLHp5lskicUuwKGIJ+jKzXEQNyFa5csWhZJaD1KvAp+wxBT9Mn/LH"
    "4B/VcKfOtZED9LD/4fp+2PvwUTzeofRvW6LVG16LO8fy6jJ19UWaKeFDwKf+8D0Qf4I/bg"
    "fXEk1C2cSVb4zGDf/oiG+Cc0YMTBYGNONABpeDSwkm8w3Q3IDDgqwy9vq82/Ha+1bZK8+3"
    "EkeYIOlXeIztmZvJXfL41asC2yQflblPyntfvwp5YfysPMoEgKuAvyUu4pv+L2i5cpKlcP"
    "aFvQf/MQeG99dgPgVXowXuwkUoYMVnJv/t/Bcj5k3M3v1l7+q6IxF+gqPnBXRNIwG1uEOO"
    "SepKOHb1lnPspK9ADCcSHPErxDeHIjazPkP/RysE8PDuGgE8GFdYABeAzR3kAjJDWMixoy"
    "lk52DB/yvk4iVYuBZDYGHxuTJngMIl5wK/jVz+uLFLHDEKczm4K2RiB0HMwJhL0RZTSd87"
    "flsR0XuGwgnAzx9++8+O+IjYpVIy+YU16WNWQioXUzO1vPx52lyhfCI+4Yf/Hh+fnLw+Pj"
    "o5e/Pq9PXrV2+O3vCx8ntXb73O2e8u+u/6g2FypxMX8kX1+Uyc7cpTJY8JHpnyZFGw4gB2"
    "ujq5EaHP9xrrM3KXhlSFy7EgoL0MSDUfNuZDeZkZ1qgOaYF5Q4E5dgQVFZgFSWsF5pMiZo"
    "WTbLPCyYpZIXbuF0VYkGiEcxHO0UcEehXoIx9Rq/WR2LRM6CN3fEu5618OOyvbRAWYXvqP"
    "aSmmsc00A9P9KHkSdoV6F7AjW7ETIwqqdJ+ELkUwinQtiE15wcJje474xHCFYiX8HAiOpo"
    "AIVQnAJ6FweXTzGcGr2luVD1YoalwNk/d9xgUvCb0kCSUueqM/3JPyA5OioBGK3cowF322"
    "qADK0/ti70g+Q/tlajmds5W9kYti/Cwj7vqUdToBtNS7odSbXLWlHAEepebyAXDZhpQZDq"
    "KUn4olJXBB+sGj3EIQb5ijZ9eaTnjIrQCdZ6SJU9VnnznaFcZ7Mc6kBIrCmrxP1lpdszL3"
    "VxLsmLhYHGpBpIEuA/SKFF1Y+g0JNeBbOHa9OVuF2h8+6MAwL6z4x7eEIuYUf+OtANuWu8"
    "1TJ1sBbKPFr9Fdh+7KDlvabBVzECVjAFICoE/89pc7ZIcBBWrMk0EHLUFe5dO00JZIXfn+"
    "zcNTRYrB5MIx2xYi8Yy2ziNft90SIl/PbStINomsALUhdYjLjU7JAhtK9b0ERgXdZocIEP"
    "PzMiqaTUGaR8vXHyMza1QRVEPxrDYBtVOvn6d1qfx+oT6W4/mTY4qGc+KYL+47Csh4jNyu"
    "yE8SKU6edgRmnMtj4jrAI35CVB2sud2zioRiJsVe7XOry7ST7XZjFrMVyVBD9CXDahwStM"
    "K2k+d1uf59mHC4BLi++ND7/fuE0+XmdvAuGB7jw+XN7cVKUGX0mSVAT5HVB32n0xLgLUf4"
    "ouauXQZ2SfTg0bTBD1U36JRBl22S1+cR6ryv5rt6m5O7qZm8MyZbnL/CNqgQFC4IsRHEGf"
    "sn7YVkKQ4/cbpdHVqByFYvVy9ub28SDL3op7fIhw8X13cvXkpO8kEWy/AqOxYVVQsM/p+R"
    "AvP8deUT31tq+7peWo1aWqIkhfGMlmX0HUHzi0dSiVTSIJ3n7LhI/Yfj7PoPxytBAzquMA"
    "t5/vvMW2wvO6Hx6BCWlT858w8sHcCw1wAG7Qrejyt4FGQNbG7xbVmmyE4NvaEbWGHqjbuI"
    "s429VwmH9Hp7763IqoC2DZjIzQjrVVkUkAUyzwEEvosEkLGfbC9LXFHiIDYVqfXMz7wHT4"
    "SJ8lbIHoscDrpqD97xu5QZIbHkKIr+lstCkQwSS/dREohUj1j4sbYz7zm3g7O/dBY/p9Ep"
    "/NnKZqHo5HBFlEI+TqXB3xj8Z/5r1bvL+ipzAW2Nhn6x05c09ncuezc35/KMeMRcZr/vvb"
    "s+Dw6FR/zrA5ddZME5/hlU0Dzit/2b6yv+fstG5iP+1PufIYrULeDSsBpSjE6cXUTBuGwv"
    "QUShfQTlfQQzuLQJVAD+8/3tICNLPyJJq+XWiIF/gW3RIvvU4SAvsMhHPg1yN6lTiwcovD"
    "Ns4zqYIXGNWxQfOkdm2U2Kb0MPYs/xqB/x/fXgqj94dw4owibnh7wylH8yvkH1/B0KelvU"
    "w+Dy+m7YE7vUXOhoDDZlo4KMIWemUvcyT/Y4SWsyvo5fnr4+fXNydhqe5uGVvENcUfCIay"
    "PlrYScqrUWwgOxCBZzVLouUVijso/1kECf6uVPdW+z3WA5eYR6RR3CitKu//Yzuf4yZQ1j"
    "5q5z9zcrk+DoEgm6GNz+Ec5xAepicEWcf00uBtewHaJw4vLaWnCK7bcCVFuXo5YGNnlSNa"
    "rOnpdsqvLCBlmoOS7YMNm1YKk9GM+TAQuIOaNFCTxRCc/CvidUlDDHfoVz5CKACZO9WPhQ"
    "MQYvgcMnmLA6If4/97M1QvQ/Xt5tRiG+Wl6rdMo+uWThx2AEi2tdgb6/4lXWtf913/7XiI"
    "FFsY6RtFD6qarNVDxF9YviaM5Jo/LHtwLcuq1LohHbBmYHQaZbRWmbQ/MX1K61YR0fq+Nj"
    "9416NfGxYRcnXTS9KkV5z42x3vNRgS6t0Ojit7t5el1sYOneWN/RMLZVxrAuoGgEK/pOca"
    "3ICbSuxdQaTYPCCBYTkbGy9nleH6wKnrwucDZdLUWlr2mNbL8amYpHK7jnBWmyZA0bHSqb"
    "ya9i0ZohQ2TVnI3ZIevkbMGMhpkG98MLB5kWNCYu3/6UjMgLxeSU7wRhezxjdSvXzbdktK"
    "YoiTA1cCHUmZW1ZCQIdZhMo60Z2XkAGVaq+mP/gyVcg2RVJL/7JDu/+2QlvxsyBkdTB6la"
    "VGaHkCepdBT55lHk/MTdLL3eI9QxYM3fwVw0s5dcMDa21lrkk4ZkWJny0jCu76lDLH3mK1"
    "C00C7HDUn3ySfT8G+tOgZpbhtrj7/6D9ALYssFIatOGZAaZFxySUjKHr0daw5swwEdbqnD"
    "LRvo8lgfbrkfn0eOv6OQr6Ocn+M+WaADRv1diZsKM6PQMqPoslXHxnaPUjeFjdxSLpJHqj"
    "rgLF4EhFArqGqTDj7rpnvAirTPWJBaKNwGFxzymUtTY5c4OnatEZ4SbY7U5shGHC+tUOYt"
    "aoi6fwqxOL+S6x1SVlzYZR3X8MrBFnKNH0zFlZA4lXbpbqyDaMO7Nrw345DQhvdGsOHgzm"
    "q/XeHS2KpUT/CU+61K9tTD5tZW6wlZWboOSUB5reuRbK7aOHBpPCHDJHMOR1nhlxNfoKuI"
    "VIvAJUTgmA2nhCzmU7UnimvX+WehjauUphGnak1BsJrVDJ2ttPMSKQmLbAmcJeFbTtfWfa"
    "R6rOPm8FL7tQzs0DgXxTnyQpRA2SNq7c5RR+adTg2rvoaKNy0rQLXlmYyJNV8A12AvrgDZ"
    "1henSZ1bCXT5N4DBw81NJ0OqqG8/OFBwVwSwLVrUmImOJylVpUSfmnh/lXagvrL2t8aoda"
    "teHXfpxKJfNgcrFZTcItB2GbkkA8YUYUtBIFl2zJIYUTBgaThFgIhuRATzJU8lI1NdiSZ8"
    "M6AAyk5DIhKa/3PGh/JxL0QkEpDZhN+fA0fUwJJtsgDlcjYKutcnoppqeJ+60FbYJyec29"
    "kFt+Y01vkIYeEI8uKbpmSBk3Q6fkn3PtrfvrTnqPxM+1yRiPzLLEudZkVxVljUeLLJ6Lm0"
    "48WiFxGd9rqU8LqE7sYRmasCNPLmfkB7GZBqz8CGSRCQn9GmwVG07FUW5AdpeLQPAamO02"
    "hynIYNKTNEfHsZiUoQ3cMt5KqGMXTXHk7dyDsT+fY28g40m5IcF2StZfeBsLfQzplUVkvs"
    "npIwUzpvwQZavcsxZjAoirIgaSvAdXgb58qq27vyizUM7qLehdi8LOJsDHcM7bZZ529Mb6"
    "4ZXrEibhuZGC8NoVua2Xvhgw736M33S+zBw3WQOE0FMNX4blJFYduIlqxLWZGLS1apbBNQ"
    "u/Rw3fN55X3nipMruNXN83P5g4rWII7nzH9Hgd+Hoxt1cfkJiIrBz2gpqgKLlgaAcNUPQO"
    "GNmkI6VVQfruaZCpdVplNKu51qsY5ku520teQbtJY0pyNrAabr7iibmUzqV+Mbt4Jbrsc3"
    "De9tFfk9N5RIB3YpBDlF7Fe2QJcaXLi5RND3gWBAiYOeiLnkwtiMzxM+HGJTdIDwmviJP8"
    "LRY0DmLvXCjywGnpBN8IT/TVRtJnbyjrKxSt1iPShiDQJl3aXUyMLSY54vWyk/KhzY/nRu"
    "rvhYowNbxzI1gw86lqnJrNCNW5rBEF3rdd8c0AnQO0+AztlrcrKfc3aYFvhvd15SV6eKVp"
    "8q6kQKls5oXJN0l1j0jSpXnPQj5ejToaNpvTY9DP1bRXRp6Q0roOUGGm1ea8atnlW4GWPY"
    "Vy5HDdZqbyPV3ob0BmzaCaHl/W+TAzKpobyLSZC11qnYJgeTRY0JP/0Uiys/V+udT6QTtU"
    "okamnledfKs25Fo1vRNFC9W9+KJr1NaFvE9raI/ejLDzMh2nQUirJ/p5unIXtjiscPzuV4"
    "T11dQAoYfEZYBvlxsLpgwdVUUYYCjMjcNgEmwt8LplzVtZGpDB7c+oFrHMje8/0/LBNhZr"
    "Hlip6sleNGKsfaJ7wnLSy+aIpD75Fp9LdEP9ylSkiVcZoWdKfadX+RrXoe0K16HWwGtH/i"
    "lcS78743uJJNDHz6R/zrQ++uNxj2B14jBOhCPm+wuHN1d/vxo7hqumQ289+1994GLhoh6/"
    "NGRqGAtK2Bxy0ONp/BpU1UjcSyW1nESNrgj85j5i6aWJRuHYJ0y5ByaK9YNfakL1J1UcUg"
    "fjxHV6SFiyr2snu1/iSrH/r1DB24FPocl9lVqWUbPmR9LplOIKsl6aGbo9rJ/y+x3QTjWy"
    "Dc1r61O1BVIyxnaw8I9Na+QaPbwKGfmUtVxJ//kJVVtZkv+ZuxJSXTqspuMnEaPffLz30b"
    "4slcxJWNuPRQ5iQNCC99ujaAn7JhFDlTT7KP1JNXac3YokYkECl2mXyHej9Bqt3qZdzqOv"
    "3927BIlNDY4jFkI0SpYVv4eetqRuJJN/xBBzgVCtWdCfQ7mXu2JVotcz8nt/pws9ZIrZtR"
    "89nWZcQu5UPaCpHpwvG2U+hKPKOtAFVTNqzlJcNmQYeVzREqGITVMLG+EDo0Vpdrc4BiJc"
    "DaMoV2adnuIdcaTTsK27Z/p5tn3YbRmHXm7WwYKjY9fythRscvT1+fvjk5Ow0tQuGVPEPQ"
    "+gAi0WFJ2bg62xQRI2lhgG6Ftv2YysMXVQmE/eEtRPfl0VGR+Iejo+wACHHva1pJYkjVZ+"
    "Xn+9tBhp0hIklbGawRA/8C26IHLL6pwBVg5Nsz06bLbtJGIB6wdzft1/8DDnyCVw=="
)

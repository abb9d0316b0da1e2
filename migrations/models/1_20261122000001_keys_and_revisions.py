from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        -- What aerich can't write from the models: indexes on expressions and parts of a table, and revisions.
        CREATE INDEX "idx_Chats_newest" ON "Chats" ("influencerId",
            (date_trunc('second', "updatedAt" AT TIME ZONE 'UTC')) DESC, (COALESCE("lastMessageId", id)) DESC);
        CREATE INDEX "idx_Messages_unread" ON "Messages" ("chatId", "senderId") WHERE NOT "isRead";
        CREATE INDEX "idx_Deliveries_pending" ON "Deliveries" ("botId", "lineId", sequence)
            WHERE state IN ('queued', 'sending', 'uncertain');
        CREATE INDEX "idx_Updates_quarantined" ON "Updates" (id) WHERE state = 'quarantined';
        CREATE FUNCTION couponchat_revise() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.revision := pg_current_xact_id()::text::bigint;
                RETURN NEW;
            END $$;
        CREATE TRIGGER revise BEFORE INSERT OR UPDATE ON "Chats" FOR EACH ROW EXECUTE FUNCTION couponchat_revise();
        CREATE TRIGGER revise BEFORE INSERT OR UPDATE ON "Messages"
            FOR EACH ROW EXECUTE FUNCTION couponchat_revise();
        """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TRIGGER revise ON "Messages";
        DROP TRIGGER revise ON "Chats";
        DROP FUNCTION couponchat_revise;
        DROP INDEX "idx_Updates_quarantined";
        DROP INDEX "idx_Deliveries_pending";
        DROP INDEX "idx_Messages_unread";
        DROP INDEX "idx_Chats_newest";
        """


MODELS_STATE = (
    "eJztXV1z27YS/SscvTSZcTuO7Di5zpNsK4luHbm15bbTpMOBSFjiiAIZArKj6fV/vwD4TY"
    "EUKEoUReMpEYgl6bMgsNg9u/i3M3dMaONfeoYBMb620Kxzrv3bQWAO6X8EV4+0DnDd+Bpr"
    "IGBs8+5xP94Oxph4wCD00gOwMaRNJsSGZ7nEchAX0LCFJjb8eYGhZlO5c404GplCzQUI2k"
    "ea4/EGC2pAG0EbTjww14BhOAtEPmgWwfTyDCLNwtoMukRzkL3UAKa9pwBPf2FvYToGfQ36"
    "mLoeuEDW9wXUiTOB9MYefezXf2izhUz4A+LwpzvTHyxomym8LZPdgLfrZOnytssp8D7ynu"
    "yPGeuGYy/mKO7tLsnUQVF3+rey1glE0AMEmgnw0cK2A1WFTf670gbiLWD0kmbcYMIHsLCZ"
    "Cpm0/wZxW0fXhzcj/a4/0vXOinpDiYQCgibDQWxoWIhg/vfPwQ/dhmhCpvTn2emz/5wYB7"
    "8Xe+AfvdvLz73bV2enr9kDHTq+/LE3DK50+aVnfgtAgH8TjnoMs7vwXAdDMdZ9tJhzvAf0"
    "HQEy4AruCfHtgB82xOjH38vm8HfuBp+Gg+E5HfITZKFvaDD8YzDqjQY3tM1CjxYBvOcGKn"
    "pzJqGiN2e5KmKXmIpilcAfruVBrAOyqpUrCiWx5lD8FQSSPSLQhxlI/hL+ZzvaqfPbKAB6"
    "NPjSvxv1vvzGbj/H+LvN0eqN+uxKl7cuM62vskqJbqL9ORh91thP7e+bYZ+j6WAy8fgT43"
    "6jvzvsncCCODpynnRgJoEMm8OmlJLppGtuoGEmtjX1Brrb8bf3UtXr6eWWMCYy2OIytmdt"
    "pmfJ7tu3EtMk7ZU7T/Jrz8/MXniYCZcyBuAq4B8dD9JJ/1e4XFnJMjgHFt59cJsDw/s5HE"
    "9ha/yBe+ApMrCSI5P+7fQvhsQfmL27y95Vv8MRHgNj9gQ8U09Bza44XSfTEvVdvTTvzrMt"
    "AIEJB4f9FeydA9Tpd0FE9jZvL7S0WQ9JG/tP2pWaqVBjKC3m0NMAMnmDhR7sBaTjwtMwWD"
    "K7FwJjqjnMatXA2FmEcgvXQau29DZvLLCZv3b864Hewoewn/9k7OmvnfiJQXcPPlqYIUC7"
    "fk0Js6e5bMHgS9E/yhYvmsJOZAy9k3xD7+RsnS1ueDDURUmzIJCs0/BTpsGmpkH8xZU1/n"
    "xJpeUD0LINMNHnEGO63JU0BJnoF1+ygj3YMON+N3NpjHe0yK0AfWFNBoiIoU5KZVBmFtSO"
    "PqHjXWE8YW/w83+63ZOTd93jk7P3b0/fvXv7/vg97ctfd/XSuwJFXAw+DYajtA5YQxr5jE"
    "EhO8pDMbXlWbflSYOdsAPloWZCCugyQK9Y0dLWbySoAK+wmffH7Ba285fRjQ4Mc9kNfWpK"
    "SG3pb6kVczu4HHWE87VylaxHNrWySWAbf/wK3XXorsywOfjm+6Ni3Kmc9Qg9C2KB/RfIfv"
    "z1FtpRmEcM+ZV/n+Xh2dd5qKeGJzAI/fN0oZVcAqVrCx1ueKEYITx1npACKB+gYEtb8TsL"
    "trctmt1SIJGALaFvB62QfNF21BzXMrYE1Yjdq01A7TT24pvIouhLZDwXxF94H1mWE0pERH"
    "7CmvPwAL0jxhpixCPflNVcquUHx5trvvAYYs0iAgJTtXspblJDdoFHBSERYhFbQE4awR85"
    "Hr1IoBX77iKPeP+vUcoZHuL66kvvr9cph/j1zfBT2D2hh8vrm4uM1yP5miVAz4jVB32n0x"
    "LgrTmLEyw8uwzsXOjel2lDjKBu0OkG3COb8Ox8QcXDan4YrjlcSqXknSnZovrlng3B3sFx"
    "bAhQzvyJe5FYRsNjKrerRSs02erV6sXNzXVKoReD7BR5/+Wif/vqDdck7WSRnIgfSxbQZ3"
    "BZxghmMr/6IltZqhpkCJ91ZUj63XySfnclyqeIQHnI07/PvEH2shM5EA5hGgsGZ/EspiKO"
    "e404qtjNfmI3Rsjf3dzrF5KEW4L2Tp19UYhL4O5Lhr/yHX5XqWDbep/fDeM3A9vWCGNJR5"
    "mEFtacJ2iea0AL3OSa80B/sPHAkw+xM4dkSgH0BZlTb+wQlngI7QfGpsarPsEdP0vIzaam"
    "TUjxw/A7/ywEtOwEF1ARrfdMtKaqFa6xRVRBKiNcXnfIE9wl4nuhCkafRynkk1IK/I3BZx"
    "OcIxj0+f7FWEJ5F8t7F12wtB0gAPy/dzdDMeAJkezezTKI9j/NtrDMgD8c5BkWxchnQT5K"
    "b7zYDQR+XbJxRnskXGMUg3ZdwHA4SOe0/37fv+9fnWu+9Dd01x9eDYafzjUMkUn1wVtG/C"
    "f5hj72Btes9wOwbNb7fnjZvx31WFL8ghnyhKora07JrNbbz38HhMC5K9oT5C4RSZHW8Pi7"
    "b07fnb4/OTuNloWopWg1WJ35TWqylnclUanWupEOxG0kF+LwPEfgsshf1iMBtaqXX9WVa/"
    "YFumaZm6Bszg0VUdl7stl7CRdKiYBSlfTIxn09O0Z4s1TUuUpDXQ9zQUzBDojgFaMJknzy"
    "po1p2WhC4uuXyV+aitbe8nlhcjGDho1f6dSleMWSgHQeE8sroipPUT9QYNPzaOmw1y4jO5"
    "9prxB/QXAnefmoKL6T6ChduzJMlfsJRwEWHkh5AqxO5AMrJTmFc1b+hlXBeZpaxjRkaFuE"
    "hWd4KRxRkcot3nld9CabtiGqr6NCN/sN3Yh0tIJ7UTSBpJNpVEynYlghUghP39lYHTxhp4"
    "IyGrac7CvEY1pAn3h0+hMqoijUQyU/McH22Pp1u4YIRbcM5mF/lS5RHmqLTv8EzN2yTriU"
    "YAudcAfidJNybM8ohmVsqrB/jd9T+AnXYFnJkIxP8knGJyskY0AIMKZziASTVn6IOi2lot"
    "SbR6npirtZIMEXVIkpzZ/BWGIKnkGRSbwmLyWUqjEtJWo55LwUFUVQ7u2aZ6otuLf34y/k"
    "sAschaE68j2ErIeka3A0hWFh7EfoYU7kz5CzJ9YjZKfGMML1k0Wm9L8u7Ur7vXI8+oPvZ1"
    "+fa/QPWXLGNtYw/aChsChEDc8TuhFjSnHkEAl98Ktc8EQNdgwhUsW3G+BYVJzwPfsPc0kW"
    "Mu7Dyzy6hVKFvCqouUpfAHrewiUbGK2DtKwyXUuYrhT6se0Ym+wVLmI5BXkJyIOakUudH2"
    "hXbtoJZS9D0daQjmueclzAD8KiKFqC0jfFfhBf9j4UVa6QJrtCFG/2BfJmw81NSY0zsdaq"
    "+0DUK/VRB/WEN6BH+5K5VvtBxpt3TeH1axNvADYXVFiXwbr+8xsbDXD7jm9sGNyyvuS80x"
    "vFvN7E/LwFZNvNmF5dy1IA09fQhvfX152cKVnhuwbfldUrB16ZkkF7OO6hoWZkcUX1KQNm"
    "OzXoM+zxNqKl6s/vqSRVQdKCVMJCuWSFu3SpJxCf2cuifyh9Yq9l0t9BoajVYGO1W4kP+o"
    "0nSI/VvcE5IcREP7qrs8JRyfryU36TtwmP/1Uhxn3nLiiCsCIIN2KCb4X7ycI6852Wjpjd"
    "QmGNJRUuKwqXJVcZ+UBZUkpF5jcOkykqvKLCN2ORUFT4Rqjh4NbqiG1RqThfeJe7SkX66l"
    "Fza+vzRaosXXkslOyrCmSbb23mYKmPoW46CwpHWeOXCl/Aq1hUmcAlTOCEQ6aELRZItTU0"
    "eHYqMb+cneaffnKanV8ih1WpnUZSSrHxNttm1F/nrnHbux3zCjzo2kud2kll5xAqNnLaOo"
    "fsgCtDTazSDA5fqLWjuQ4SR72h8KbhvZvqbP6w3AKqLT+UKPXNS+AazsVbQLb1Ze8y69Zh"
    "cTcOBPOVwVkZo9YNS3Hm4HYYLqN0YbgWgbZL7sYdRct/zxXuRnjpqIi7EXSSLTSZ5FT8hL"
    "Wx5zzRRe1Iw3S6hoxg8YGd2aXN4JKVfpxBl2gOspcaYAnfU4CnghKT27mngM2RIW0o+kUd"
    "foR8+oVKQXqBKUjNOQBcQul1fn0HomOp4FL92RqN+4Jbnq7RNLyr5mtc9u4ue1f9fZX+yd"
    "q6AutNYA7nW3GZztJlw6PDWBE/gXXsmEtqgbl0nNDuAJn8IFaDc2vpj8TRrc7Cwz7p1iLa"
    "GNoOmtDfjqiA+E6eUbYG0JFcdfEKx8QWxUaEJqMgKhKM4OZajDVGRVSloGboQVUKarIqVB"
    "X+ZihERW7VAVoHC7OKJ9YaT1SnPbXhtKd0pmnBBi5KRV2/fRtFGbAymzeeLyuxrQq3UEWn"
    "PFW6l/S5TtERNZVOdVI7rbp2Wg05W6hpy4IyMdtj+6j69Xu0LlX9ehkjqMnHsx4qpust9v"
    "1Ylfcui2iKzMngSqEd6feR53IseP/wPE+sETCDiBMuKFhH2hM15ljVfXaep21qyGFueG1K"
    "DUIbmkIiR+UbrvHr+/dXFmTDjBTlq2+GHhLR4ehDKQW9L6bQr4h+pRxbXCm3diMFdIIpuF"
    "NOC53PveEVT5oN5L+h3+97t73haDD0E2+BBxCh5gu9cnV789tvrNX0HNcNnrX3XFoPGtB6"
    "3IiUFoq2laDUYlKaC5a2Iypck586nRBpQxih7qTp0qnqUKWol0N7ZZu9pw0M5lb76vYl4J"
    "kVbF5oD2nfd26hvw/89LHgPLE5WLINBjUoRbzzDW+iiOYNIUcW7Tv4vyWmm7C/KvVXfmqf"
    "A9HZMQVTeyigpvZNDrkPQjK5nGuZiMx9HvtabpeX1cGLcXSk6ddlJ5mkjBr75ce+DdBkwe"
    "gABrUeSkVpAsHLQK4N4GdCNTJr6kn+knryNrsz5ocRhgaRYJZZdxZhUlRVOSpR5Uilyb0Q"
    "j0SJHVvySBEDYqzbFppVzLfu8Ttd0xsd4FCQSlAP93ecsF4RrZbFQ9NTfTRZK6TWjaiFGy"
    "TLVwCI36StENnh2fSbAyTJ52iYQSaFznZKZbT8IBicqEmxOUiJ8hdtAWmXjtse9Cxj2hG4"
    "boMrR0XOWxD3Wee9zYdhy57Vl0Lx6L45fXf6/uTsNHJ4RC1Ffo715I1H6InrgObvtBMiLS"
    "REbtF1nbDoXcEhKQUnt7qio1HagO6b42OZ8P7xcX58n117zu4BSMlzBRIilQ4VaBraBeBu"
    "7VSBvUYhn/8Pt0Evcw=="
)

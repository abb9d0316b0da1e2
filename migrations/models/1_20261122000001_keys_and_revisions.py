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
    "eJztXW1zm7gW/iuMv2w7k91JnTTtTT85idv6bursJs7uzrY7jAyKzRgLiuSknr3571cS71"
    "hgAX7BRJ8ShI7AzxHS0Xn9tzN3TGjjX3qGATG+ttCsc67920FgDuk/grtHWge4bnyPNRAw"
    "tnn3uB9vB2NMPGAQeusB2BjSJhNiw7NcYjmIE2jYQhMb/rzAULMp3blGHI1MoeYCBO0jzf"
    "F4gwU1oI2gDScemGvAMJwFIh80i2B6ewaRZmFtBl2iOcheagDT3lOAp7+wtzAdg74Gfcyu"
    "HrhA1vcF1IkzgXRgjz726z+02UIm/AFxeOnO9AcL2mYKb8tkA/B2nSxd3nY5Bd5H3pP9mL"
    "FuOPZijuLe7pJMHRR1p7+VtU4ggh4g0EyAjxa2HbAqbPLflTYQbwGjlzTjBhM+gIXNWMio"
    "/TeI2zq6PrwZ6Xf9ka53VtgbUiQYEDQZDmJTw0IE898/Bz90G6IJmdLLs9Nn/zkxDn4v9s"
    "A/ereXn3u3r85OX7MHOnR++XNvGNzp8lvPfAhAgD8IRz2G2V14roOhGOs+Wsw53gP6jgAZ"
    "cAX3BPlmwA8bYvTj76U6/J27wafhYHhOp/wEWegbGgz/GIx6o8ENbbPQo0UA71mBRW/OJF"
    "j05iyXRewWY1HMEvjDtTyIdUBWuXJFoSTWHIq/goCyRwT8MAPKX8J/NsOdXX4bBUCPBl/6"
    "d6Pel9/Y8HOMv9scrd6oz+50eesy0/oqy5RoEO3Pweizxi61v2+GfY6mg8nE40+M+43+7r"
    "B3Agvi6Mh50oGZBDJsDptSTKaLrlmBw4xsY+wNeLflb++lstfTy21hjGSwwW1sz9xMr5Ld"
    "t28llknaK3ed5Peen5m88DATbmUMwFXAPzoepIv+r3C5spNlcA4kvPtgmAPD+zmcT2Fr/I"
    "F74CkSsJIzk/52+osh8Sdm7+6yd9XvcITHwJg9Ac/UU1CzO07XybREfVdvzbvzbAtAYMLB"
    "Yb+CvXOAOv0uiEje5u2FkjbrISlj/0m7UjEVagylxRx6GkAmb7DQg72AdF54GgZLJvdCYE"
    "w1h0mtGhg7i5Bu4TpoVZbe5MACmflrx78f8C18CLv8JyNPf+3ETwy6e/DRwgwB2vVripg9"
    "zWUbBt+K/lGyeNESdiIj6J3kC3onZ+tkccODIS9KigUB5S4FPyUaVBUN4i+urPDnUyouHw"
    "CXbYCJPocY0+2upCDISL/4lDXkwYYJ99tZS2O8o01uBegLazJARAx1kiqDMpOgtvQJHW8L"
    "4wl7g5//0+2enLzrHp+cvX97+u7d2/fH72lf/rqrt94VMOJi8GkwHKV5wBrSyGcECtlZHp"
    "KpI8+6I08a7IQcKA81I1JAlwF6RYqWln4jQgV4jcO8P2c3cJy/jAY6MMxlD/SpJSF1pL+l"
    "Uszt4HLUEa7XSlWyHtnUziaBbfzxK3TXobuywubgm6+PinGndNYj9CyIBfJfQPvx11toR2"
    "YeMeRX/jjLw5Ov81BPTU9gEPrzdKGUXAKlawsdrnmhGCE8dZ6QAigfoOBIW/M7C463LVrd"
    "UiCRwFtC3wxaofNF21FzXMvYEFQjNlabgNqq7cUXkUXWl0h4LrC/8D6yXk4oYRH5CWvOww"
    "P0jpjXEHM88kVZzaVcfnC8ueYTjyHWLCJwYKo3lvJNasgp8KjAJEIsYguck0bwR45GLyJo"
    "xbm7SCPe/2uUUoaHuL760vvrdUohfn0z/BR2T/Dh8vrmIqP1SL5mCdAzZLuDvtNpCfDWnN"
    "kJFp5dBnZOdO/TtMFGsGvQ6QHcI1X87HxC5YfVfDNcc3wpFZO3xmSL8pdrNgRnB8exIUA5"
    "6yfuRWQZDo8p3bY2rVBk2y1XL25urlMMvRhkl8j7Lxf921dvOCdpJ4vkWPxYsIA+g8syQj"
    "Cj+dUn2chW1SBB+Kwr46TfzXfS765Y+ZQjUB7y9PeZN8hediIFwiEsY8HkLF7FlMVxrxZH"
    "ZbvZj+3GCP13q2v9QifhlqC9VWVfZOISqPuS5q98hd9Vyti2Xud3w/ybgW1rhHlJR5GEFt"
    "acJ2iea0AL1OSa80Av2HzgwYfYmUMypQD6hEypN3YICzyE9gPzpsarOsEtP0vom01Fm9DF"
    "D8Pv/LMQuGUnfAGVo/WeHa0pa4V7bJGrIKURbq9b9BPcJuJ7cRWMPo9SyCepFPiVwWcLnC"
    "OY9Pn6xZhCaRfLaxddsLQdIAD8v3c3QzHgCZLs2c0yiPY/zbawzIQ/HOQZFsXIZ0E+Sh+8"
    "2AACvS6pHNEeEe/QikG7LmA4HaRj2n+/79/3r841n/obuusPrwbDT+cahsik/OAtI35Jvq"
    "GPvcE16/0ALJv1vh9e9m9HPRYUv2CCPKHsyopTMrv15uPfASFw7orOBLlbRJKkNX783Ten"
    "707fn5ydRttC1FK0G6yu/CYVWcurkihVa9VIB6I2kjNxeJ4jUFnkb+sRgdrVy+/qSjX7Al"
    "WzTE1QNuaGkqjoPdnovYQKpYRBqU54ZOO+ni0jXC0Uda7CUNfDXGBTsANH8JrWBEl/8qbN"
    "aVlrQuLrl4lfmor23vJxYXI2g4bNX+nQpXjHkoB0HjuW10RV3kX9QIFNr6OlzV7btOx8pr"
    "1C/AXGneTtoyL7TqKjdO7KMFTuJxwZWLgh5QmwPJEPLJXkFM5Z+huWBedpahnT0EPbIsw8"
    "w1PhiJJUbnDkddabbNiGKL+OMt3s13Qj4tEK7kXWBJIOplE2nZpmhYghPHynMjt4wE4NZj"
    "RsO9mXice0gD7x6PInZESRqYdSfmKE7ZH1d60aIhTdMpiH/VW4RHmoLbr8EzB3yyrhUoQt"
    "VMIdiNJNSrE9oxiWkanC/jv8nsJPeAeSlYyT8Um+k/HJipMxIAQY0zlEgkUr30SdplJW6u"
    "pWarrjVjMk+IQqMKX5K5hSayt9awN1WOv1rftRYHHYBZqrkB35KivWQ1JXNZrCMFPzI/Qw"
    "9yzPeAtPrEfIypgwD+Ani0zpvy7tSvu9cjx6wQ9Yr881+kOW3IUYa5h+0FCYpWAHzxPqtW"
    "If1+iEHiqFV52TE0nBMYRIZYNugKZLOSnvWaGVa/WX0Wdd5tn/FSvkWWFhnb4A9LyFS6CI"
    "EcXRvYM07Q5DfKOWg43xpdCPbceYVYD9IqZTkJeAPEhiuNR5hbVyy05IexmStsYLdsdLjg"
    "t4ZSaKoiXIxVJ8MPdp70NSdTZv8tlcOXK+QEfO8HBTkuOMrLXsPhD2Sn3UQYLbCv66PmWu"
    "1H6QBtBt+5T6yXIrgM0JFdZlsN59QcFGA9y+eoINg1tWl5xXTlDsaJpYnzeAbLtdeFf3sh"
    "TA9DW04f31dSdnSVb4rsF3ZffKgVcmh80e6g80VIwsTvE9ZcBsJil6xp25jWiphOh7ypFU"
    "4EUv5UFfznv+Lp17CMRFZJn1D6VLyFomvQ4yF60aG+sNJa48Gy+QHkvEgnNMiIl+9FRnhb"
    "OS9eVlZ5PDhPVolYlx3870ymNVeaw2YoFvhfrJwjrTnZa2mN1CYdIfZS4rMpcldxl5Q1mS"
    "SlnmK5vJlG+28s1uxiahfLMbwYaD26sjb4ta2eLCUe5qZY3bDZtbmzAuYmXpVFghZV+lxK"
    "p+tJmDpT6GuuksKBxlhV9KfAGvYlIlApcQgRMKmRKyWEDVVtPg2anE+nJ2ml+O4zS7vkQK"
    "q1InjSSV8sardszYfeK1xh3vtuxX4EHXXupUTiq7hlCykdPWNWQLvjJUxCrtweETtXY278"
    "KJY7em8KbhvZ10Yf603ACqLa+Sk/rmJXAN1+ININv6PGyZfeuwfDcOBPOVyVkbo9ZNS3Hk"
    "4GY8XEbpTGUtAm2bvht3FC1LXM0+vHVU5LsRdKpYz37sOU+YVaHHdLmGzMHiAysipc3gku"
    "UinEGXaA6yl6xKPdCmAE/X17WvOKaqb98MPUK++4UKQXqBIUjNqUgtwfRdfn0HwmMp49Lu"
    "ozUa9wW3PFyjaXjXjde47N1d9q76+0r9k5V1BdKbQBzOl+IynaXzWEfVQREvCTp2zCWVwF"
    "w6T2h3gExeGdTgvrX0IlFL1Fl42He6tYg2hraDJvTaEWW03sozyuYAOpJLd12jbmmRbUQo"
    "MgqsIsEMbq7EuEOriMoU1Aw+qExBTWaFSgvfDIYoy62q6HSwMCt74k7tiar8UBvKD6UjTQ"
    "sOcFEo6vrj2yiKgJU5vPF4WYljVXiEKio7VGss6UJDUc2UWmWG1ElrVyethhS7adq2oETM"
    "9sg+Kn/9HqVLlb9eRghqcr3QQ8V0vcS+H6ny3mUWTZE4GdwplCP9PvK+HAvePywwiTUCZh"
    "BxhwsK1pH2RIU5lnWfFZi0TQ05TA2vTalAaENT6MhRe8A1en1/fCVBNkxIUbr6ZvAhYR2O"
    "PpRS0PtkCv2a6NeKscW1YmsrMaATLMGdclzofO4Nr3jQbED/Df1+37vtDUeDoR94CzyACB"
    "Vf6J2r25vffmOtpue4bvCsvcfSetCA1mMlp7SQtK0OSi12SnPB0nZEiWvyQ6cTJG0wI+w6"
    "aLp0qDpUIerl0F45Zu/pAIO51L56fAn8zAoOL7SHtO47N9HfB159LKgnNgdLdsCgAqXI77"
    "ziIMrRvCHOkUXnDv63xHIT9lep/sov7XMgqh1TsLSHBGppr1J1PTDJ5Ppcy1hk7vO8r+VO"
    "eVkevBhFR9r9uuwik6RRc7/83LcBmiyYO4BBpYdSVpqA8DKgawP4GVONzJ56kr+lnrzNno"
    "x5McJQIBKsMutqESZJVZajElmOVJjcC9FIlDixJUuKGBBj3bbQrGa8dY+PdE0HOsCpIBWg"
    "Hp7vuMN6TbRaZg9NL/XRYq2QWjejFm4QLF8DID5IWyGyw9r01QGS9OdomEAmhc5mUmW0vB"
    "AMTuSkqA5SIv1FW0DapuK2Bz3LmHYEqtvgzlGR8hbEfdZpb/Nh2LBm9aW4eHTfnL47fX9y"
    "dhopPKKWIj3HeueNR+iJ84Dmn7QTJC10iNyg6joh0buCIikFlVtdUWmUNqD75vhYxrx/fJ"
    "xv32f3nrNnAFKyrkCCpFZRgaahXQDuxqoK7NUK+fx/f+G7NA=="
)

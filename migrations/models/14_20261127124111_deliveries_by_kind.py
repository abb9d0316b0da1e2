from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        -- Until now what the bot says was kept as a call of the Bot API's, by one of four methods.
        UPDATE "Deliveries" SET kind = 'notice', payload = jsonb_strip_nulls(jsonb_build_object(
                'text', payload->'text',
                'formatting', (SELECT jsonb_agg(jsonb_build_object(
                        'style', e->'type', 'start', e->'offset', 'length', e->'length') ORDER BY n)
                    FROM jsonb_array_elements(payload->'entities') WITH ORDINALITY AS entities(e, n)),
                'buttons', (SELECT jsonb_agg((SELECT jsonb_agg(jsonb_build_object(
                        'label', b->'text', 'data', b->'callback_data', 'url', b->'url') ORDER BY n)
                    FROM jsonb_array_elements(r) WITH ORDINALITY AS buttons(b, n)) ORDER BY m)
                    FROM jsonb_array_elements(payload->'reply_markup'->'inline_keyboard')
                        WITH ORDINALITY AS rows(r, m)),
                'telegramTopicId', payload->'message_thread_id',
                'replyTo', payload->'reply_parameters'->'message_id',
                'telegramMessageId', payload->'message_id'))
            WHERE kind = 'call' AND method IN ('sendMessage', 'editMessageText');
        UPDATE "Deliveries" SET kind = 'notice_edit' WHERE method = 'editMessageText';
        UPDATE "Deliveries" SET kind = 'tap_answer', payload = jsonb_strip_nulls(jsonb_build_object(
                'tapId', payload->'callback_query_id', 'text', payload->'text'))
            WHERE kind = 'call' AND method = 'answerCallbackQuery';
        UPDATE "Deliveries" SET kind = 'command_menu', payload = jsonb_build_object(
                'commands', (SELECT jsonb_agg(jsonb_build_object(
                        'name', c->'command', 'description', c->'description') ORDER BY n)
                    FROM jsonb_array_elements(payload->'commands') WITH ORDINALITY AS commands(c, n)))
            WHERE kind = 'call' AND method = 'setMyCommands';
        UPDATE "Deliveries" SET payload = jsonb_strip_nulls(jsonb_build_object(
                'telegramTopicId', payload->'message_thread_id')) WHERE kind = 'way_in';
        ALTER TABLE "Deliveries" DROP COLUMN "method";
        COMMENT ON COLUMN "Deliveries"."kind" IS 'MESSAGE: message\nQUESTION: question\nFILED: filed\nWAY_IN: way_in\nNOTICE: notice\nNOTICE_EDIT: notice_edit\nTAP_ANSWER: tap_answer\nCOMMAND_MENU: command_menu';"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DELETE FROM "Deliveries" WHERE kind NOT IN ('message', 'question', 'filed', 'way_in');
        UPDATE "Deliveries" SET payload = jsonb_strip_nulls(jsonb_build_object(
                'message_thread_id', payload->'telegramTopicId')) WHERE kind = 'way_in';
        ALTER TABLE "Deliveries" ADD "method" TEXT;
        COMMENT ON COLUMN "Deliveries"."kind" IS 'CALL: call\nMESSAGE: message\nQUESTION: question\nFILED: filed\nWAY_IN: way_in';"""


MODELS_STATE = (
    "eJztXVtz2zYW/isYvTSdUbuJ7ThZ90m2lUStLae23HRbdzgwCVkck4BKQFE0bf77AuCdAi"
    "lSoiSKwUNTi8Qhpe/gcu7nn45LLOTQH3umiSi9svFz5wz808HQRfwPxd0u6MDpNL4nLjD4"
    "6Mjh8Th5HT5S5kGT8Vtj6FDEL1mImp49ZTbBkgBQGz856IcZRcDhdGeAEcAmCEwhRk4XEE"
    "9esBGAYIQc9ORBF0DTJDPMfgI2o/z2M8LApuAZTRkg2FkASPnoCaSTH8W3sIjJvwZ/za5e"
    "OMP23zNkMPKE+IM9/to//+KXbWyhL4iKj392+Os9w7Y6f4k702djbCPHSkHPb/Jb8rrBFl"
    "N57WICvXdypPhdj4ZJnJmL49HTBZsQHA3nP1tcfUIYeZAhK8EHPHOcgGvhJf9r8wvMm6Ho"
    "+1rxBQuN4cwR3BTU/jeIr3UMY3gzMu76I8PoLHE6pEjwIrhkEixmiY0Zlb/fhV8MB+EnNu"
    "EfT0+++u+JcfBHiRf+1ru9+NC7fXF68r14IeFTzZ+Gw+DOkbz1VT4CMug/RDIghnk686aE"
    "IjXWfTxzJd4D/h0hNtES7gnyesAPL8Tox0tnffg7d4P3w8HwjM/+J2zjBzwY/jYY9UaDG3"
    "7Nxp9tBuXINVj06rQEi16d5rJI3BIsilmCvkxtD1EDsmWuXHIome0i9SoIKHtMwQ8roPwx"
    "/KMe7uxybRQAPRpc9+9GveuP4vEupX87Eq3eqC/uHMmri8zVF1mmRA8BnwajD0B8BH/cDP"
    "sSTULZkyffGI8b/dER3wnOGDEwmRvQSgIZXg4vpZjMN0BrDQ4LstrYG/Buy2vvW2WvPN8q"
    "HGGCZFDjMbZnbqZ3yaPXr0tsk3xU7j4p7339KuSF8bPyKBMALgP+jniIb/q/oMXSSZbBOR"
    "D27oPHHBjeX8P5FF6NF7gH55GAlZyZ/LfzX4yYPzF7dxe9y35HIvwIzec59CwjBbW4Q45I"
    "5ko0dvmWe+Rmr0AMnyQ44leI7xyJ2Mz+DIMfrRDAo7srBPBwXGkBXAA2c5EHyBRhIceaE8"
    "jOwJz/K+TiBZh7NkNgbvO5MmOAwgXnAr+NPP64sUdcMQpzObgrZGIXQczAmEvRNlNJ31t+"
    "WxnRe4qiCcDPH377z474EolLlWTyc/tpgFkFqVxMzczyCuZpc4XyJ/EVfvjv0dHx8Zujl8"
    "enb1+fvHnz+u3Lt3ys/L7Lt94U7Hfng/eD4Si904kLxaL6bCrOduWpUsQEn0x5sihYcQA7"
    "3S65EaPP9xr7M/IWhlSFq7EgpL0ISTUf1uZDdZkZ7lAd0gLzmgJz4ggqKzALktYKzMdlzA"
    "rH+WaF4yWzQuLcL4uwINEIFyJcoI8I9GrQRz6iVusjiWmZ0kdu+ZZyO7gYdZa2iRowvQge"
    "01JME5tpDqb7UfIk7Ar1LmRHvmInRpRU6T4JXYpgFOtaEFvygo3HzgzxieEJxUr4ORA0J4"
    "AIVQnAR6Fw+XSzKcHL2ludD1YoalwNk/cDxoUvibwkKSUufmMw3JfyQ5OioBGK3dIwD322"
    "qQDK1/sS70g/Q/tldnI65yt7pocS/Kwi7gaUu3QCaKl3Tak3vWorOQJ8Ss3lA+CyAykzXE"
    "QpPxUrSuCC9Nqn3EAQb5ijZ9uaTnTILQFdZKRJUu3OPvNyWxjvxTiTEShKa/IBWWt1zdrc"
    "X2mwE+JieagFkQa6CtBLUnRp6Tci1IBv4Nj152wdan/0oAPDvLTin9wSyphTgo23Bmxb7j"
    "bPnGwlsI0Xv0Z3FbpLO2xls1XCQZSOAcgIgAHxu19ukRMFFKgxTwcdtAR5lU/TRhsidRn4"
    "Nw9PFSkHkwfHbFOIxDPaOo8C3XZDiAI9t60gOSS2AuwMqUNcbnRC5thQqu8VMCrpNjtEgF"
    "iQl1HTbArTPFq+/hiZ2mZNUI3Es9oE1Fa9fr7WpfL7RfpYgedPjikbzokTvrjvKCDjMfK6"
    "Ij9JpDj52hGYci6PiecCn/gRUXWw5mbPKhOKmRZ7tc9tV6adfLcbs5mjSIYaoS85VuOIoB"
    "W2nSKvS//3UcrhEuL64rr3+/cpp8vVzfB9ODzBh4urm/OloMr4a1YAPUO2O+g7nZYAb7vC"
    "FzXznCqwS6J7n6YNfqhdg04Z9Ng6eX0+oc77ar6rtzm5m5rJW2OyzfkrbIMKQeGcEAdBnL"
    "N/0l5EluHwI6fb1qEVimy75er5zc1ViqHng+wWeX993r998Upykg+yWY5X2bWpqFpg8H9M"
    "BebF6yogvrPV9nW9tBq1tERJCuMZLaroO4LmF5+kFqmkQTrP6VGZ+g9H+fUfjpaCBnRcYR"
    "7y/PdZN9hZdCLj0SEsq2ByFh9YOoBhrwEM2hW8H1ewGWYNrG/xbVmmyFYNvZEbWGHqTbqI"
    "8429lymH9Gp7743IqoCOA5jIzYjqVdkUkDmyzgAEgYsEkHGQbC9LXFHiIjYRqfUsyLwHj4"
    "SJ8lbIGYscDrpsD97yu5QZIYnkKIr+lstCkQySSPdREohUj0T4sbYz7zm3g7O/chY/p9Ep"
    "/PnKZqno5GhFVEI+SaXBXxv8Z/5r1bvL6ipzIW2Txc8Ol9Lveu/7Z+Ex8IB/vefSiiwxx1"
    "9MxbgH/G5w1b/kb7QdZD3gT73/GaIs3RwuDFGWjj9/cMEfgQmzTRR+NvqXg1F40UCWzR7w"
    "qPfR6A3vPvVv+V4JpwbEdI68B3xxc33dG14a1/3h/RkwictPa8twEZ5lD7Qye2H9xe2mcO"
    "EQqJgJP9/dDHOy0GOSrNppmwz8CxybllmHh2O2EVgUex+yjoZuWmcUD1B4H9jadR4j4h36"
    "2vjQGQqnQ+llyBfdvVhhPvUDvusPLwfD92eAImxxfsgrI/mRL6N3vWA9Qn9B3g8v+rejnl"
    "iTM6GDMM6uZiwcyBhypyp1JvfkSpK0JqPp6NXJm5O3x6cn0WkVXSk6pBQFfbi0Xd0Kxqla"
    "awE7EItXOUec5xGFtSXfuR0RaM92dc+2v9musZx8Qr2iDmFFadd2+5m8+zJcDWPmtnPT1y"
    "sD4OoSALrY2f4R1sXONnRuNbnYWcN2iPpqnSm23xpQbV0OVhbY9EnVqDpyfjKlyssYZlkW"
    "uBijZM6SpeRgMg8EzCHmjBYl3kSlNxsHnj5RohsHFbyRh4StVvYa4UPFGLwALp9gwuqE+H"
    "/eZ9tE9D9+XmlOobmdvFbpdHz0yDyIMQgX16oCdH8lq4hr/+K+/YsxA8tinSBpofRTVxul"
    "ZArmF8XRXJAmFIxvBbi7ti6JRmNrmB0EmW6FpG0OzV9Q29aGdfynjv/cN+r1xH9GXYp0Uf"
    "C6FOU9N376wEeFurRCo0ve7hbpdYmBlXs/fUej2E0ZozmHotGp6KvEtSI31LrmE9uchIn/"
    "NhORn7K2d1GfpxqevCowNFsNRKWvaY1svxqZikdLuBcFIbJ0jRYdCprLr3LRiBFDZFWYtd"
    "kh68BswIyGmQb3wwsXWTY0njy+/SkZka9VS8r3grA9nrFdK9fNt2S0puiGMDVwIdSdVrVk"
    "pAh1mEyjrRn5ce45Vqqdx7ZHS3gHklWZ/OXj/Pzl46X8ZcgYNCcuUrVgzA8hT1PpKPL1o8"
    "hF9sFakX4+oY4Ba/4O5qGps+CCsbGx1iKfNCKj2pSXhnF9Tx1Q6TNfgaJFdDVuSLpPAZmG"
    "f2PVMUzqWlt7/DV4gF4QGy4IWVXJgNQg44pLQlL26M1Yc2ATDuhwSx1u2UCXx+pwy/34PA"
    "r8HaV8HdX8HHfpAhQw7l9KvEyYGYW2FUeXLTs2NnuUuulp7JbykDxS1QFnySIXhNph1ZZs"
    "8Fk32+NUpH0mgtQi4Ta84JLPXJoae8TVsWuN8JRoc6Q2RzbieGmFMm9TQ9S1U4jFxZVKb5"
    "Gy4sI265RGVw62UGnyYCqvhCSptEt3bR1EG9614b0Zh4Q2vDeCDQd3Vgft+BbGRqV6wqfc"
    "bVSyZzdsbm21noiVleuQhJR9XY9kfdXGhQvjERkWmXE4qgq/nPgcXcakWgSuIAInbDgVZL"
    "GAqj1RXNvOP4tsXJU0jSRVawqC7VjN0NlKWy+RkrLIVsBZEr7jdG3dR+rHOmkOr7Rfy8AO"
    "jXNZnGMvRAWUfaLW7hy7yLzTqWH111Dxp2UNqLY8kzG15kvgGu7FNSDb+uI0mXMrhS7/Dm"
    "B4f3XVyZEqdrcfHCi4SwLYBi1YrFRHj4yqUqEPS7J/SDtQX1r7G2PUulWvjrvcV9f7QwFt"
    "m5FLMmBMEbYUBpLlxyyJESUDlkYTBIjotkMwX/JUMjLTdeeJbwYUQNlJR0RC8z+nfCgf90"
    "JEIgGZTfj9GXBFDSzZBgpQLmcjZaf3HbxPXWgr6gMTze38glszmujsg7BwBPnxTRMyx2k6"
    "Hb+ke/vsb1/ac1R+rn2uTET+RZ6lTrOiPCtsajw6xHyu7Hix6XlMp70uFbwukbvRJDNVgE"
    "bR3A9pL0JS7RlYMwkC8jPaMjiKtrPMguIgDZ/2PiTVcRpNjtNwIGWGiG+vIlEJoju4gVzV"
    "MIZu28OpG1XnIt/eRtWhZlOR44Kstew+EPaW2jnTymqF3VMS5krnLdhA63c5JgwGZVEWJG"
    "0FeBfexpmy6va2/GINg7usdyExL8s4G6MdQ7ttVvkbs5trjlesjNtGJsZLQ+iGZvZe9KDD"
    "PXqL/RJ78HAdJE4TAUw9vptMUdg2oiXrUtbk4pJVKtsE1DY9XHd8Xvnfc8nJFd7qFvm5gk"
    "FlaxAnc+a/oyDow9GNu7j8BETF4Ge0EFWBRUsDQLjqB6DwRk0gnSiqD9fzTIXLKtcppd1O"
    "O7GO5LudtLXkG7SWNKcjawmm6+4o65lMdq/GN24Ft1yPbxremyrye24okQ3sUghyitivfI"
    "EuM7h0c4mw7wPBgBIXPRJrwYWxKZ8nfDjElugA4TfxEx+i0WNAZh71w49sBh6RQ/AT/0xU"
    "bSa28o6qsUrdcj0oEg0CZd2lzMjS0mORL1spPyoc2MF0bq74uEMHto5lagYfdCxTk1mhG7"
    "c0gyG61uu+OaAToLeeAF2w1xRkPxfsMC3w3269pK5OFa0/VdSNFSyd0bgi6S616BtVrjjt"
    "RyrQpyNH02ptehT5t8ro0tIbVkLLDTXaotaMGz2rdDPGqK9cgRqs1d5Gqr0N6Q3YtBNCy/"
    "vfJgdkUkN1F5Mga61TsU0OJpsaT/z0Uyyu4lyt9wGRTtSqkKilledtK8+6FY1uRdNA9W51"
    "K5rsNqFtEZvbIvajL99PhWjTUSjKwZ1ukYbsjykfPziT4311dQ4pYPAZYRnkx8HqgjlXU0"
    "UZCmCSmWMBTIS/F0y4qusgSxk8uPEDVziQ/ecHH2wLYWazxZKerJXjRirH2ie8Jy0suWjK"
    "Q++TafQ3RD/apSpIlUmaFnSn2nZ/kY16HtCNeh2sB3Rw4lXEu/OhN7yUTQwC+gf8633vtj"
    "ccDYZ+IwToQT5vsLhzeXvz8aO4anlkOg3etffeBh4ykf15LaNQSNrWwOMWB5tP4cIhqkZi"
    "+a0sEiRt8EcXMXMbTSwqtw5BumVINbSXrBp70hepuqhiGD9eoCvS0kUVe/m9Wn+S1Q+Deo"
    "YuXAh9jsvsqtSyNR+yOpdMJ5DtJOmhW6Dayf9X2G7C8S0Qbne+tbtQVSOsYGsPCfTWvkaj"
    "29Chn5tLVcaff5+XVbWeL/mbsSWl06qqbjJJGj33q899B+KnmYgrM7n0UOUkDQkvAro2gJ"
    "+xYZQ5U4/zj9Tj11nN2KZGLBApdplih/ogRard6lXc6jr9/duwSFTQ2JIxZCai1HBs/Lxx"
    "NSPxpCv+oAOcCqXqzoT6ncw92xCtlrmf01t9tFlrpFbNqNl04zJiF/IhbYXI8uB40yl0KZ"
    "7RVoDqKRvW8pJh07DDyvoIlQzCaphYXwodmqjLtT5AiRJgbZlC27Rs95Bnm5OOwrYd3OkW"
    "WbdhPGaVeTsfhppNz99KmNHRq5M3J2+PT08ii1B0pcgQtDqASHRYUjauzjdFJEhaGKBbo2"
    "0/ofLwRVUB4WB4C9F99fJlmfiHly/zAyDEva9ZJYkhVZ+Vn+9uhjl2hpgka2WwTQb+BY5N"
    "D1h8U4ErwCi2Z2ZNl920jUA8YO9u2q//B269Ko0="
)

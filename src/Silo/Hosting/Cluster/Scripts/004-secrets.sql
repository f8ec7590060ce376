-- What every silo must have alike: the certification authority and the keys of tokens, each sealed under the key-encryption key.

CREATE TABLE capif_secret(
    name text PRIMARY KEY,
    sealed text NOT NULL);
CREATE TABLE capif_secret_version(
    only_one boolean PRIMARY KEY DEFAULT true CHECK(only_one),
    version bigint NOT NULL);
INSERT INTO capif_secret_version VALUES(true, 0);

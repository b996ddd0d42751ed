"""Each kind of identifier: what is one, however it is written, and what only looks like one. All of it is invented."""

import pytest

from wordround.deidentify import Deidentifier, deidentify, masked

# kind: (text, what is left of it)
FOUND: dict[str, list[tuple[str, str]]] = {
    "NHS number": [
        ("my number 943 476 5919 was lost", "my number <NHS number> was lost"),
        ("nhs no: 9434765910 (wrong digit)", "nhs no: <NHS number> (wrong digit)"),
        ("wrote down 999 123 4560 for me", "wrote down <NHS number> for me"),
    ],
    "hospital number": [
        ("hospital number 4471920, still waiting", "hospital number <hospital number>, still waiting"),
        ("MRN: RX445566 on the letter", "MRN: <hospital number> on the letter"),
        ("my unit no is H123456", "my unit no is <hospital number>"),
        ("complaint ref 22/104857", "complaint ref <hospital number>"),
    ],
    "passport number": [
        ("they copied my passport, 925665416, twice", "they copied my passport, <passport number>, twice"),
        ("passport no. 310 035 640 was on the desk", "passport no. <passport number> was on the desk"),
    ],
    "driving licence number": [
        ("licence MORGA753116SM9IJ taken", "licence <driving licence number> taken"),
        ("licence morga 753116 sm9ij taken", "licence <driving licence number> taken"),
    ],
    "vehicle registration": [
        ("parked AB12 CDE by the door", "parked <vehicle registration> by the door"),
        ("got a fine for my car ab12cde", "got a fine for my car <vehicle registration>"),
        ("my old van reg is a123 bcd", "my old van reg is <vehicle registration>"),
    ],
    "bank card number": [("charged to 4111 1111 1111 1111", "charged to <bank card number>")],
    "bank account number": [
        ("pay it to 20-00-00, 55779911 please", "pay it to <bank account number>, <bank account number 2> please"),
        ("account number 5577 9911 at my bank", "account number <bank account number> at my bank"),
        ("iban GB29 NWBK 6016 1331 9268 19", "iban <bank account number>"),
    ],
    "IP address": [("blocked at 192.0.2.41 again", "blocked at <IP address> again")],
    "reference number": [("they gave me 88214477 to quote", "they gave me <reference number> to quote")],
    "profile link": [
        ("I am at facebook.com/quillby.z", "I am at <profile link>"),
        ("https://mastodon.example/@quillby says so", "<profile link> says so"),
    ],
    "date of birth": [
        ("dob 3/4/1956", "dob <date of birth>"),
        ("I was born on the 3rd of March 1948 here", "I was born on the <date of birth> here"),
        ("born third of march nineteen forty eight", "born <date of birth>"),
    ],
    "age over 89": [
        ("my mum is 94 and was left waiting", "my mum is <age over 89> and was left waiting"),
        ("a lady of 103 sat in the corridor", "a lady of <age over 89> sat in the corridor"),
        ("grandad, aged ninety-two, walked home", "grandad, aged <age over 89>, walked home"),
        ("nan is a hundred and one", "nan is <age over 89>"),
        ("her 100th birthday was on the ward", "her <age over 89> birthday was on the ward"),
    ],
    "date": [
        ("admitted on 12 May with chest pain", "admitted on <date> with chest pain"),
        ("Seen 2026-04-03 14:05", "Seen <date> 14:05"),
        ("He died on the 9th of July", "He died on the <date>"),
    ],
    "street address": [
        ("I live at 14 Acacia Avenue", "I live at <street address>"),
        ("send it to 7b, Skinner's Ginnel", "send it to <street address>"),
        ("letters go to 22 mill lane still", "letters go to <street address> still"),
    ],
    "house name": [("We live in Rose Cottage, up the hill", "We live in <house name>, up the hill")],
    "employer": [
        ("I work at Pickering Bakery on nights", "I work at <employer> on nights"),
        ("off sick from hargreave roofing again", "off sick from <employer> again"),
        ("he's a lorry driver with Barton Haulage", "he's a lorry driver with <employer>"),
    ],
    "school": [
        ("my son at Larkfield Primary School was seen", "my son at <school> was seen"),
        ("excluded from oakmoor special school", "excluded from <school>"),
    ],
    "place": [("we live in Giggleswick now", "we live in <place> now")],
    "staff name": [
        ("thanks to deepa, oluchi and Wojciech", "thanks to <staff name>, <staff name 2> and <staff name 3>"),
        ("Dr Thistlewood explained it", "Dr <staff name> explained it"),
        ("dr constable was late", "dr <staff name> was late"),
        ("nurse Ngozi sat with me", "nurse <staff name> sat with me"),
        ("thanks to John Cox and team", "thanks to <staff name> and team"),
        ("Dr Mohammed Ali Khan saw me", "Dr <staff name> saw me"),
        ("a nurse called hope", "a nurse called <staff name>"),
        ("the notes were signed C.L. again", "the notes were signed <staff name> again"),
    ],
    "relative name": [
        ("my wife Margaret was in pain", "my wife <relative name> was in pain"),
        ("MY HUSBAND KEN DIED ON THIS WARD", "MY HUSBAND <relative name> DIED ON THIS WARD"),
        ("my daughter hope passed away", "my daughter <relative name> passed away"),
    ],
    "patient name": [("Kind regards Jean", "Kind regards <patient name>")],
    "name": [
        ("Callum was amazing", "<name> was amazing"),
        ("CALLUM WAS AMAZING", "<name> WAS AMAZING"),
        ("callum was amazing", "<name> was amazing"),
        ("Zbigniew's kindness. Zbigniew stayed", "<name>'s kindness. <name> stayed"),
        ("Osei-Larkham never rang", "<name> never rang"),
        ("John Wright was kind to me", "<name> was kind to me"),
        ("tom khan was kind to me", "<name> was kind to me"),
        ("my consultant is Mr John Hill", "my consultant is Mr <name>"),
        ("Sue, Pat and Bill were great", "<name>, <name 2> and <name 3> were great"),
        ("Boris Johnson was my nurse", "<name> <name 2> was my nurse"),
    ],
}

HARMLESS = [
    "B1 2nd floor and the b12 3rd dose",
    "Temperature 36.5 37.2 38.1",
    "Rooms 101 102 103, scores 6 7 8 9 10 11 12",
    "Waited 2 hours 30 mins in room 5",
    "10 minutes down the road, 2 nurses on the way",
    "Vitamin b12 5mg at 2pm",
    "great.Me and mum were happy",
    "Ring 111 or 116 123",
    "Visits in 2019 2020 and 2021",
    "10/10 would come again",
    "Ward 3B, bed 12",
    "5 stars *****",
    "Email them? No answer @ all",
    "It will be a joy, I hope, and may mark a new start",
    "I am on sertraline for Parkinson's and had a Hickman line",
    "St Mary's was clean, so was Florence Ward",
    "recieved exellent care from evryone, definately",
    "Dr was late and the nurse called me twice",
    "The Macmillan nurses and PALS were great",
    "Sister hospital, sheltered housing, primary care",
    "My mum is 84, my dad 79",
    "Closed in March and open from Monday",
    "version 2.3.0.1 of the app",
    "the nhs.uk website",
    "I work for the NHS and shop at Tesco",
    "Will you please call back, I hope so",
    "the nurse will call and my husband will drive",
    "2 Market Street Clinic was clean",
    "The John Radcliffe and Queen Elizabeth are far",
    "Zumba and Pilates, roti and dal",
    "Waited 95 minutes, 92 % of it standing",
    "Thank You To All The Staff On The Ward",
    "FANTASTIC STAFF AND VERY CLEAN",
    "calm, reasurering and never condesendingly",
    "Nobody was over-explaining or matter-of-factly cold",
    "gave us InsIght Into what our chIlds needs were",
    "Could not get a dr. However the ambulance came",
    "the best Dr I've seen",
    "a good-XXXX and XXXXl both helped",
]

KEPT = ("Kestrel Ward", "Lantern House", "Heron Ward (older people)")


@pytest.mark.parametrize(
    ("kind", "text", "expected"), [(kind, *example) for kind, examples in FOUND.items() for example in examples]
)
def test_an_identifier_of_each_kind_gives_way(kind: str, text: str, expected: str) -> None:
    result = deidentify(text)
    assert (result.text, result.withheld) == (expected, False)
    assert kind in {span.kind for span in result.found}


@pytest.mark.parametrize("text", HARMLESS)
def test_what_identifies_nobody_stays(text: str) -> None:
    assert deidentify(text) == (text, (), False)


def test_the_trusts_own_places_stay_and_people_with_their_names_in_other_places_do_not() -> None:
    look = Deidentifier(KEPT)
    assert (
        look("We live near Lantern House and saw Kestrel Ward").text
        == "We live near Lantern House and saw Kestrel Ward"
    )
    assert look("Kestrel Ward: thank you Ngozi").text == "Kestrel Ward: thank you <staff name>"


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("Nightingale Ward", "Nightingale Ward"),
        ("Rushcliffe LMHT", "Rushcliffe LMHT"),
        ("Visit to 14 Larkspur Crescent AB12 3CD", "Visit to <street address> <postcode>"),
        (
            "my mum Margaret Okonkwo was on the ward, she is 94",
            "my mum <relative name> was on the ward, she is <age over 89>",
        ),
    ],
)
def test_a_place_keeps_its_name_and_a_comment_in_its_cell_does_not(name: str, left: str) -> None:
    assert Deidentifier().of_a_place(name).text == left


def test_a_person_who_is_named_twice_has_one_placeholder() -> None:
    result = deidentify("Dr Amara Thistlewood came. Later amara rang, and so did Kwabena.")
    assert result.text.count("<staff name>") == 2
    assert len(result.found) == 3


@pytest.mark.parametrize(
    "text",
    [
        "Pani doktor była bardzo miła i wszystko mi dokładnie wytłumaczyła, polecam serdecznie",
        "الممرضة كانت لطيفة جدا وساعدتني",
        "Դուք շատ բարի էիք",
    ],
)
def test_another_language_or_script_is_withheld_because_it_cannot_be_judged(text: str) -> None:
    result = deidentify(text)
    assert result.withheld
    assert not any(word in result.text for word in text.split() if len(word) > 7)


@pytest.mark.parametrize(
    "address", ["https://www.quiet.example/garden/visit-12", "WWW.garden.example", "@quiet_garden7"]
)
def test_of_a_withheld_text_the_ordinary_words_of_an_address_go_too(address: str) -> None:
    left = masked(f"Brzlk garden award {address} well done")
    assert left in ("<word> garden award <web address> well done", "<word> garden award <handle> well done")


def test_of_a_withheld_text_only_ordinary_words_are_left() -> None:
    result = deidentify(
        "Dobry personel, wspaniała opieka, serdecznie dziękujemy pielęgniarkom 07700 900123 the food was lovely"
    )
    assert result.withheld
    assert "food was lovely" in result.text
    assert "900123" not in result.text and "<number>" in result.text


@pytest.mark.parametrize(
    "text",
    [
        "ring 01632 960118 ext 42",
        "ring 01 63 29 60 11 8",
        "phone me on 07700 900... 654",
        "dob given as 12 03 48",
        "DOB 3rd of the 5th 1961",
        "date of birth: the 4th of 12, 50",
        "postcode S016 6YD",
        "we are S O 1 6 6 Y D",
        "number plate A B 1 2 C D E",
        "I drive P7 PJV",
        "my car 4 RPS was clamped",
        "sort code is 20/44/18",
        "card 4929.1234.5678.9012 charged twice",
        "blocked at 203.0.113.7:8080",
        "K 663 821 hospital number",
        "UBRN 0004 4812 7719",
        "your reference T-7781-A",
    ],
)
def test_of_a_number_in_an_odd_notation_no_digit_is_left(text: str) -> None:
    assert not any(character.isdigit() for character in deidentify(text).text)


def test_an_account_number_may_stand_before_its_sort_code() -> None:
    left = deidentify("refund to acc 12345678 sort 20-30-40 please")
    assert [span.kind for span in left.found] == ["bank account number"] * 2


@pytest.mark.parametrize("text", ["zzogby62 at gmail", "email is zzogby62 at hotmail com", "zzogby{at}example.com"])
def test_an_address_at_a_provider_needs_no_sign_and_no_ending(text: str) -> None:
    left = deidentify(text)
    assert "zzogby" not in left.text and left.found


@pytest.mark.parametrize(
    "text",
    [
        "Hoyer hoist broken again",
        "The Ockenden review was read by all",
        "Storm Eunice cut the power",
        "Reiter's was the first guess",
        "Fluvizatriptan stopped before surgery",
        "Transferred from Cramlington at midnight",
        "bloodsChecked every hour",
        "I saw physIo wIth no wait",
        "XXXX was kind",
        "hepatitis C. I am better",
        "Clinic B2 moved to C7",
        "communication between primary and secondary care",
        "parked 10 min from the door",
        "Seen in bay 4 AND told to wait",
        "It was unpressured and they catheterise politely every time",
        "They listened to eachother and I felt overcharged was not it",
        "Moved to the Rosie for my scan",
        "A Pavlik harness was fitted in minutes",
        "The wait at Millbrook was long",
        "Trips to Middleton stopped",
        "Warburtons toast and Heinz soup again",
        "Turned left at the Toby Carvery",
        "Jeez Louise, what a queue",
        "The Red Cross lent us a chair",
        "Diolch yn fawr iawn i bawb, lovely ward",
        "Transport from PTS was late, and the RC rang",
        "Dr needs to listen",
        "the best Dr I've ever had",
        "Dr XXX and Dr X were on leave",
        "My daughter was sad when it ended",
        "First class Top notch care",
        "The recovery college helped",
        "My baby came in October. 2 home visits since",
        "Input from the nursing team, MDT, all good",
    ],
)
def test_what_is_called_like_somebody_or_looks_like_a_number_stays(text: str) -> None:
    assert deidentify(text).text == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nurse Hoyer sat with me", "Hoyer"),
        ("Dr Ockenden listened", "Ockenden"),
        ("Nurse Westlake sat with me", "Westlake"),
        ("Dr Steinmann listened", "Steinmann"),
        ("thanks to Emily in bed 4", "Emily"),
        ("Emily's test was late", "Emily"),
        ("spoke to Middleton about it", "Middleton"),
        ("I saw Ripley, who was lovely", "Ripley"),
        ("the Thistlewood family", "Thistlewood"),
        ("Middleton was kind to me", "Middleton"),
        ("dr hope listened", "hope"),
        ("my daughter is called grace", "grace"),
        ("Heinz was kind to me", "Heinz"),
        ("Louise, what a star", "Louise"),
        ("regards JKP", "JKP"),
    ],
)
def test_behind_a_title_a_role_or_thanks_somebody_is_meant(text: str, name: str) -> None:
    assert name not in deidentify(text).text

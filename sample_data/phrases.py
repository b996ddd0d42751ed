"""What the people of the synthetic trust say: clause templates by subject and polarity, and the words that fill them.

A template's {slots} are filled from SLOTS, and a filler may hold slots itself. Everything here was invented for this
file: no sentence comes from a real comment, and no name belongs to a real person or place. Comes in: nothing.
Goes out: plain dictionaries of strings, read by voices.py.
"""

SLOTS: dict[str, list[str]] = {
    "one": [
        "my nurse", "my support worker", "the doctor", "my care coordinator", "the receptionist", "reception", "the therapist",
        "my psychologist", "the consultant", "the occupational therapist", "the student nurse", "the person I saw", "the team",
        "the lady on the desk", "the whole team", "every member of staff", "everyone", "everybody here",
    ],
    "many": [
        "staff", "the staff", "all the staff", "nurses", "the nurses", "the people here", "the health care assistants", "they",
        "most staff", "the doctors", "you", "people on the phone",
    ],
    "who": ["{one}", "{one}", "{many}"],
    "who_be": ["{one} {was}", "{one} {was}", "{many} {were}", "{many} {were}"],
    "was": ["was", "was", "is", "has been"],
    "were": ["were", "were", "are", "have been"],
    "very": ["very", "so", "really", "extremely", "always", "incredibly", "", "", "", "absolutely", "just", "all", "truly"],
    "kind": [
        "kind", "helpful", "friendly", "caring", "supportive", "lovely", "polite", "respectful", "professional", "patient",
        "understanding", "compassionate", "welcoming", "warm", "cheerful", "calm and kind", "brilliant", "amazing",
        "wonderful", "great", "fantastic", "pleasant", "considerate", "gentle", "reassuring", "thoughtful", "approachable",
    ],
    "good": [
        "good", "very good", "excellent", "great", "brilliant", "fantastic", "really good", "wonderful", "lovely", "superb",
        "perfect", "outstanding", "amazing", "pretty good", "really helpful", "marvellous", "super",
    ],
    "rude": [
        "rude", "rude and dismissive", "unfriendly", "not friendly", "not helpful", "unhelpful and rude", "arrogant",
        "abrupt and rude", "ignorant", "cold and uncaring", "impatient and irritated", "aggressive", "not interested", "hostile",
        "disrespectful", "sarcastic", "lazy", "annoyed with me", "angry with me", "not very nice", "not polite",
    ],
    "bad": [
        "awful", "terrible", "poor", "very poor", "bad", "horrible", "dreadful", "disappointing", "unacceptable", "frustrating",
        "appalling", "a disgrace", "pathetic", "useless", "a mess", "a shambles, really bad", "not good", "not good enough",
        "really bad", "worse than before", "shocking", "rubbish and upsetting", "a real worry", "upsetting",
    ],
    "poor": [
        "awful", "terrible", "poor", "very poor", "bad", "horrible", "dreadful", "disappointing", "shocking", "appalling",
        "disgraceful", "really bad", "pathetic", "unacceptable", "useless", "rubbish", "miserable",
    ],
    "hurt": [
        "ignored", "abandoned", "lonely", "upset", "scared", "anxious and upset", "let down and angry", "frustrated", "angry",
        "hopeless", "ashamed", "worried", "very low", "miserable", "rejected", "neglected", "desperate", "distressed",
        "humiliated", "stressed", "worthless", "more depressed", "unsafe and afraid",
    ],
    "safe": ["safe", "heard and safe", "at ease", "cared for", "respected", "valued", "supported", "hopeful", "calmer", "welcome"],
    "wait": [
        "{n} weeks", "{n} months", "{n} hours", "over {n} weeks", "more than {n} hours", "nearly {n} months", "{n} days",
        "about {n} weeks", "almost {n} hours", "{n} weeks and {n} days", "an hour and {nn} minutes",
    ],
    "short": ["{n} days", "a few days", "a week", "{nn} minutes", "the same day", "two days", "a couple of hours", "{n} minutes"],
    "n": ["two", "three", "four", "five", "six", "seven", "8", "9", "10", "11", "12", "14", "2", "3", "4", "5", "6", "7"],
    "digit": ["2", "3", "4", "5", "6.50", "7", "8"],
    "nn": ["ten", "15", "20", "25", "thirty", "35", "40", "45", "fifty", "55"],
    "day": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "month": [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ],
    "when": [
        "on {day}", "last {day}", "this time", "on {day} night", "in {month}", "on the phone", "at weekends", "after my visit",
        "at the start", "in the end", "at {clock}", "on the {th} of {month}", "on {day} at {clock}", "every week",
    ],
    "th": ["1st", "2nd", "3rd", "4th", "5th", "7th", "9th", "11th", "12th", "14th", "16th", "18th", "21st", "23rd", "27th", "30th"],
    "clock": ["8am", "9am", "9.30", "10am", "half ten", "11am", "noon", "1pm", "2.15", "3pm", "4pm", "half five", "6pm", "10pm", "2am"],
    "name": [
        "Priya", "Tomasz", "Gwen", "Abena", "Callum", "Ngozi", "Shanice", "Bryony", "Idris", "Marta", "Femi", "Rosalind", "Deepa",
        "Kofi", "Elspeth", "Yusuf", "Carys", "Oluchi", "Hamish", "Saskia", "Dr Thistlewood", "Dr Marrowby", "Dr Quillfeather",
        "nurse Pettigill", "Sister Amberlow", "Mr Dunnockby", "Dr Osei-Larkham", "Ms Fennimarsh",
    ],
    "mum": ["my mum", "my dad", "my son", "my daughter", "my husband", "my wife", "my partner", "my sister", "my family", "my carer"],
    "meal": ["{dish}", "{dish}", "meals", "dinners", "sandwiches", "puddings", "hot drinks"],
    "dish": ["food", "breakfast", "evening meal", "lunch", "menu", "vegetarian choice", "dinner", "tea"],
    "meal_be": ["the {dish} {was}", "the food {was}", "meals {were}", "the dinners {were}", "the sandwiches {were}", "the puddings {were}"],
    "place": [
        "building", "waiting room", "room", "clinic", "corridor", "toilet", "reception area", "consulting room", "entrance",
    ],
    "ward_place": [
        "ward", "room", "garden", "bathroom", "lounge", "corridor", "bedroom", "toilet", "dining room", "day room", "quiet room",
    ],
    "drug": [
        "medication", "tablets", "meds", "prescription", "new tablets", "depot", "antidepressants", "sleeping tablets", "medicine",
    ],
    "doing": [
        "art group", "walking group", "gardening", "the gym", "music group", "baking", "quizzes", "crafts", "yoga", "table tennis",
        "film night", "the allotment", "mindfulness", "relaxation group", "football on {day}",
    ],
    "call": ["phone calls", "calls", "messages", "voicemails", "emails", "the crisis line", "the duty line", "the phone"],
    "help": [
        "helped me", "helped me a lot", "supported me", "got me through it", "made a difference", "turned things around for me",
        "helped me to cope", "gave me hope", "helped my confidence", "saved my life", "helped {mum} too", "helped with my anxiety",
    ],
    "thanks": ["thank you", "many thanks", "thanks so much", "thank you all", "a big thank you", "thanks", "very grateful", "so grateful"],
}  # fmt: skip

# Subject of a clause -> major theme of the patient-experience frame.
SUBJECTS: dict[str, str] = {
    "gratitude": "general", "organisation": "general", "feeling_safe": "general", "funding": "general",
    "staff": "staff", "competence": "staff", "staffing": "staff",
    "waiting": "access_to_care", "contacting": "access_to_care", "appointments": "access_to_care",
    "listening": "communication_and_involvement", "information": "communication_and_involvement",
    "family": "communication_and_involvement",
    "mental_health_act": "mental_health_specifics",
    "continuity": "patient_journey", "discharge": "patient_journey",
    "medication": "medication_and_pain", "pain": "medication_and_pain",
    "activities": "activities", "wifi": "activities",
    "environment": "environment_and_catering", "ward": "environment_and_catering", "food": "environment_and_catering", "noise": "environment_and_catering",
    "location": "service_location_and_travel", "parking": "service_location_and_travel",
    "transport": "service_location_and_travel",
}  # fmt: skip

POSITIVE: dict[str, list[str]] = {
    "gratitude": [
        "{thanks}", "{thanks} for everything", "{good} service", "{good} care", "the care was {very} {good}", "it {help}",
        "I could not ask for better care", "a {good} experience", "happy with everything", "{thanks} {name}",
        "couldn't fault it, {good} all round", "I feel much better {when}, {thanks}", "this service {help}", "{good} all round",
    ],
    "organisation": [
        "well organised and {good}", "everything ran smoothly {when}", "{good} and efficient", "it was efficient and {kind}",
        "the clinic was well run and {kind}",
    ],
    "feeling_safe": ["I felt {safe}", "felt {safe} {when}", "I felt {very} {safe} here", "a safe place, I felt {safe}"],
    "funding": ["worth every penny, {good}", "{good} use of NHS money", "glad the service is funded"],
    "staff": [
        "{who_be} {very} {kind}", "{kind} staff", "{kind} and {kind} staff", "{kind}, {kind} and {kind}", "very {kind}",
        "the staff", "{name} was {very} {kind}", "{name} {help}", "{thanks} to {name} who was {kind}", "{who} {help}",
        "how {kind} {who_be}", "{who_be} {kind} and {kind} {when}", "{name} and {name} {were} {kind}",
        "nothing was too much trouble for {name}, {very} {kind}", "treated with respect by {who}", "{who}, {very} {kind}",
    ],
    "competence": [
        "{one} knew the job and was {kind}", "{who_be} {very} knowledgeable and {kind}", "skilled and {kind} staff",
        "well trained, {kind} staff", "{name} is {good} at the job",
    ],
    "staffing": ["enough staff around and they were {kind}", "{one} came quickly and was {kind}", "always someone {kind} there"],
    "waiting": [
        "seen quickly, {good}", "hardly any wait, {good}", "seen within {short} which was {good}", "on time and {kind}",
        "I only waited {short}, {good}", "quick {good} service", "the wait was short, {good}", "prompt and {kind} {when}",
    ],
    "contacting": [
        "easy to get through on the phone, {good}", "they rang me back within {short}, {thanks}", "always able to reach someone {kind}",
        "answered my call and {help}", "easy to contact and {kind}",
    ],
    "appointments": [
        "{good} appointment times", "appointment was easy to book and {good}", "flexible appointments, {good}",
        "video appointment worked well, {good}", "they were happy to change my appointment to {day}",
    ],
    "listening": [
        "{who} listened to me", "listened and {help}", "I felt listened to and {safe}", "being listened to by someone {kind}",
        "{name} listened without judging, {very} {kind}", "someone {kind} to talk to", "they let me talk and {help}",
        "they involved me in the plan, I felt {safe}", "not rushed, {who_be} {kind} and listened",
    ],
    "information": [
        "everything was explained well", "clear advice, {good}", "explained clearly by {name}, {good}", "{good} information",
        "{who} answered all my questions, {very} {kind}", "the leaflet was {good} and clear", "they kept me informed, {good}",
    ],
    "family": ["they supported {mum} too", "{mum} felt {safe}", "{who_be} {kind} to {mum}", "kept {mum} involved which was {good}"],
    "mental_health_act": ["my section rights were explained in a {kind} way", "the tribunal was explained well, {good}"],
    "continuity": [
        "seeing the same person every time was {good}", "{name} stayed with me throughout, {very} {kind}",
        "my GP and the team worked well together, {good}", "the referral went through well, {good}",
    ],
    "discharge": ["{good} discharge planning", "discharge was well planned, I felt {safe}", "the follow up after discharge {help}"],
    "medication": [
        "the {drug} {help}", "my {drug} were explained well, {good}", "{name} sorted out my {drug}, {thanks}",
        "the change of {drug} {help}",
    ],
    "pain": ["the pain relief {help}", "they took my pain seriously and were {kind}"],
    "activities": [
        "{doing} was {good}", "I enjoyed {doing}", "{doing} and {doing} {help}", "{good} activities", "plenty to do, I loved {doing}",
        "fresh air and {doing}, {good}",
    ],
    "wifi": ["{good} wifi", "nice to have the tv and games console, {good}"],
    "environment": [
        "clean and {kind} place", "the {place} was clean and {good}", "lovely {place}", "clean {place}", "the {place} felt calm, {good}",
        "the new {place} is {good}", "comfortable {place}, {good}",
    ],
    "food": [
        "{meal_be} {good}", "{good} food", "{good} {meal}", "the {meal} and {meal} {were} {good}", "nice hot {meal}, {good}",
        "the new menu is {good}",
    ],
    "noise": ["nice and quiet {when}", "peaceful {place}, {good}", "quiet at night so I slept well"],
    "location": ["close to home, {good}", "easy to find, {good}", "{good} location", "handy for the bus and {good}"],
    "parking": ["{good} parking", "easy parking and {kind} staff"],
    "transport": ["the taxi they booked was {good}", "the driver was {very} {kind}", "transport came on time, {good}"],
}  # fmt: skip

NEGATIVE: dict[str, list[str]] = {
    "gratitude": ["it was {bad}", "{poor} service", "{poor}", "the care was {poor}", "I left feeling {hurt}", "a {poor} experience {when}"],
    "organisation": [
        "{poor} organisation", "disorganised and {bad}", "my letter got lost which is {bad}", "the admin is {bad}",
        "nobody knew what was going on {when}, {bad}", "paperwork was lost {when}",
    ],
    "feeling_safe": ["I did not feel safe {when}", "I felt {hurt} {when}", "other patients were aggressive and I felt {hurt}"],
    "funding": ["not enough money for the service, it is {bad}", "the cuts are {bad}"],
    "staff": [
        "{who_be} {rude}", "{who_be} {very} {rude} {when}", "{rude} staff", "rude staff", "attitude of {who} was {bad}",
        "one nurse was {rude} and I felt {hurt}", "the night staff {were} {rude}", "some staff are {rude}", "{who} made me feel {hurt}",
    ],
    "competence": ["{who_be} badly trained and {rude}", "{who} got it wrong {when}", "they made a mistake with my notes, {bad}"],
    "staffing": [
        "short of staff {when}, {bad}", "not enough staff, {bad}", "staff shortages {when} left me {hurt}", "agency staff were {rude}",
        "never enough nurses on {day}, I felt {hurt}",
    ],
    "waiting": [
        "waited {wait} and felt {hurt}", "the wait was {bad}", "{wait} is too long, {bad}", "waiting {wait} left me {hurt}",
        "had to wait {wait}", "{poor} waiting times", "the waiting list is {bad}", "I got worse waiting {wait}", "waiting times",
        "kept waiting {wait} {when}, {bad}", "I waited {wait} for a visit that never came, {bad}", "long delays {when}, {bad}",
    ],
    "contacting": [
        "nobody answers {call}, it is {bad}", "could not get through {when} and felt {hurt}", "no one rang me back {when}, I was {hurt}",
        "{call} are ignored", "I rang {n} times and was ignored", "getting hold of anyone is {bad}", "no reply to {call}, I felt {hurt}",
        "left on hold for {nn} minutes, {bad}", "{call} not answered {when}", "was cut off {when} while I was {hurt}",
        "rang {call} in a crisis and was told to wait, I felt {hurt}",
    ],
    "appointments": [
        "my appointment was cancelled {when}, {bad}", "appointments are cancelled at the last minute, {bad}", "appointment cancelled {n} times",
        "rushed appointment, I felt {hurt}", "telephone appointments are {bad}", "the appointment was late and {bad}",
        "{n} cancelled appointments left me {hurt}",
    ],
    "listening": [
        "nobody listened and I felt {hurt}", "{who} did not listen, I felt {hurt}", "not listened to, {bad}", "I was ignored {when}",
        "I felt {hurt} and not heard", "they talked over me, {rude}", "decisions made without me, I felt {hurt}", "did not take me seriously, {bad}",
    ],
    "information": [
        "nothing was explained, {bad}", "the letter was confusing and {bad}", "told different things {when}, I was {hurt}",
        "no information {when}, I was {hurt}", "communication is {bad}", "{poor} communication", "poor communication",
    ],
    "family": ["{mum} was ignored", "nobody told {mum} anything, {bad}", "{who_be} {rude} to {mum}", "{mum} left feeling {hurt}"],
    "mental_health_act": ["being sectioned was {bad}", "my section 17 leave was cancelled, {bad}", "I was restrained {when} and felt {hurt}"],
    "continuity": [
        "a different person every time, {bad}", "passed from team to team, I felt {hurt}", "had to repeat my story {n} times, {bad}",
        "my referral was lost {when}", "my worker left and I felt {hurt}", "the handover to my GP was {bad}",
    ],
    "discharge": [
        "discharged too soon and felt {hurt}", "no follow up after discharge, {bad}", "discharge was {bad}", "sent home {when} feeling {hurt}",
    ],
    "medication": [
        "my {drug} were late {when}, {bad}", "the side effects of my {drug} are {bad}", "wrong {drug} given {when}, {bad}",
        "waited {wait} for my {drug}, {bad}", "nobody explained my {drug}, I was {hurt}", "just given {drug} and left {hurt}",
    ],
    "pain": ["left in pain {when}", "my pain was ignored", "in pain for {wait}, {bad}"],
    "activities": [
        "nothing to do and I was bored and {hurt}", "{doing} was cancelled {when}, {bad}", "not enough activities, boring",
        "no fresh air {when}, {bad}", "bored {when}",
    ],
    "wifi": ["the wifi is {bad}", "no wifi {when}, {bad}", "tv broken {when}, {bad}"],
    "environment": [
        "the {place} was dirty", "{place} dirty and {bad}", "the {place} is {bad}", "dirty {place}",
        "the {place} and {place} {were} {bad}", "the heating failed {when}, {bad}", "the {place} smelt {bad}", 
    ],
    "food": [
        "{meal_be} {bad}", "{poor} food", "{meal} cold and {bad}", "the food is {bad} {when}", "{meal} and {meal} {were} {bad}",
        "no choice of {meal}, {bad}", "{poor} {meal}", "I went hungry {when}, {meal_be} {bad}",
    ],
    "noise": ["too much noise {when}, {bad}", "could not sleep for shouting, {bad}", "alarms all night left me {hurt}", "horrible noise {when}"],
    "location": ["too far to travel, {bad}", "hard to find and {bad}", "getting there is {bad}"],
    "parking": ["parking is {bad}", "paying £{digit} for parking is {bad}", "no parking {when}, {bad}", "{poor} parking"],
    "transport": ["the taxi never came {when}, {bad}", "transport was late {when}, {bad}", "the bus is {bad} from here"],
}  # fmt: skip

# What people ask for without complaint: neutral wording under "What could we do better?".
SUGGESTION: dict[str, list[str]] = {
    "gratitude": ["carry on as you are", "keep going", "same again {when}", "just carry on", "more of the same"],
    "organisation": ["send letters earlier", "put the {day} rota on the board", "one form instead of {n}"],
    "feeling_safe": ["have someone on the door {when}", "lockers for our things"],
    "funding": ["put more money into the service", "more funding"],
    "staff": ["more time with {who}", "introduce {who} {when}", "more one to one time {when}", "name badges for {who}"],
    "competence": ["more training about autism", "training for agency workers", "more training for {who}"],
    "staffing": ["more staff {when}", "more staff", "have {n} more nurses {when}", "more nurses {when}"],
    "waiting": ["shorter waits", "shorter waiting times", "see people within {short}", "tell us how long the wait is {when}", "quicker first visit"],
    "contacting": ["a direct number for {who}", "answer the phone {when}", "text us {when}", "let us email {who}", "longer phone hours {when}"],
    "appointments": [
        "evening appointments", "more appointments {when}", "longer sessions", "longer appointments {when}", "reminders by text {when}",
        "more sessions than {n}", "offer video or face to face {when}", "send the appointment letter {n} days before",
    ],
    "listening": ["ask what we think {when}", "more time to talk {when}", "let me see my care plan {when}"],
    "information": ["more leaflets about {drug}", "ring us when plans change {when}", "information in large print", "write it down for us {when}"],
    "family": ["let {mum} come {when}", "more information for {mum}", "visiting hours to suit {mum}", "tell {mum} what is happening {when}"],
    "mental_health_act": ["a leaflet about section 17 leave", "explain tribunals {when}"],
    "continuity": ["see the same person {when}", "same worker every time", "tell my GP {when}", "keep {name} for longer"],
    "discharge": ["a phone call after discharge {when}", "more notice before discharge", "tell us the discharge date {when}"],
    "medication": ["give {drug} at {clock}", "tell us about side effects of {drug}", "review my {drug} {when}"],
    "pain": ["ask about pain {when}"],
    "activities": ["more activities {when}", "more {doing}", "have {doing} {when}", "more time outside {when}", "a go at {doing} and {doing}"],
    "wifi": ["wifi in the {place}", "more tv channels", "charging points in the {place}"],
    "environment": ["paint the {place}", "more chairs in the {place}", "turn the heating up {when}", "a clock in the {place}"],
    "food": ["more choice of {meal}", "bigger {meal}", "{meal} at {clock}", "snacks {when}", "more fruit {when}", "hot drinks {when}"],
    "noise": ["quiet hours after {clock}", "softer doors {when}", "turn the lights down at {clock}"],
    "location": ["have a clinic nearer to us", "more signs to the {place}", "a map in the letter"],
    "parking": ["more parking", "more parking spaces {when}", "cheaper parking {when}", "£{digit} is a lot for parking {when}"],
    "transport": ["a minibus {when}", "later buses {when}", "tell the driver where the {place} is"],
}  # fmt: skip

# The same is said of wards, which have other rooms.
for _said in (POSITIVE, NEGATIVE, SUGGESTION):
    _said["ward"] = [template.replace("{place}", "{ward_place}") for template in _said["environment"]]
POSITIVE["ward"] += ["comfortable bed, {good}", "the garden is {good} in {month}"]
NEGATIVE["ward"] += ["the shower was broken {when}, {bad}", "the bed was {bad}, no sleep", "{n} of us share one {bad} shower"]
SUGGESTION["ward"] += ["new curtains in the {ward_place}", "a lock for the {ward_place}", "warmer showers {when}"]

STOCK_GOOD = [
    "Very helpful staff", "Very helpful", "Staff", "Everything", "everything", "Friendly staff", "The staff", "Very good",
    "Good service", "Helpful", "Excellent service", "Being listened to", "All good", "Very friendly", "Excellent", "Good",
    "Kind staff", "Thank you", "staff", "Someone to talk to", "Very kind", "Great service", "friendly and helpful staff",
]  # fmt: skip
STOCK_NOTHING = [
    "Nothing", "Nothing", "Nothing", "nothing", "nothing", "None", "No", "Nothing really", "nothing really", "Nothing at all",
    "none", "NOTHING", "Nothing.", "no",
]  # fmt: skip
NO_ANSWERS = ["Did not answer"] * 11 + [""] * 6 + ["n/a", "N/A", "-"]

OPENERS = [
    "I was referred in {month} by my GP", "I have been under this team since {month}", "My first visit was {when}",
    "I came in {when}", "This was my {n} visit", "{mum} asked me to fill this in", "I am writing this for {mum}",
    "I have used this service for {n} years", "Filling this in {when}", "Seen by {name} and {name}",
]  # fmt: skip
DETAILS = [
    "I was there {when} for {wait}", "I saw {name} {when}", "it was {name} and {name} {when}", "my next visit is {when}",
    "I have been coming for {n} years and {n} months", "I came with {mum} {when}", "I first came {when} with {mum}",
    "it took {wait} from the letter {when}",
]  # fmt: skip
# What goes before a request or after praise, now and then.
SOFTENERS = [
    "maybe {}", "perhaps {}", "please, {}", "{} please", "{} would be nice", "{} if you can", "only thing is {}", "{} for {mum}",
    "{} for people like me", "one idea: {}", "it would help: {}", "I suggest {}", "{} like last {month}", "{} (I go on {day})",
]  # fmt: skip
CODAS = [
    "{}, {thanks}", "{}, {thanks} {name}", "{}. {mum} thinks so too", "{}, 10 out of 10", "{} as always", "{}, would come again",
    "{}, better than in {month}", "{} especially {name}", "{} from {name} and {name}", "{}, even {when}", "{} with {name}",
]  # fmt: skip
# Short circumstances that keep even a million comments apart.
ASIDES = [
    "{name} {when}", "({when}, {name})", "{when} with {name}", "ask {name} {when}", "{mum} and {name} {when}", "seen {when} by {name}",
]  # fmt: skip
EMOJI = ["😊", "👍", "🙏", "❤️", "⭐⭐⭐⭐⭐", "😢", "😡", "👏", "🌈", "💙"]

# Words as they are often typed.
MISSPELLINGS = {
    "friendly": "freindly", "receptionist": "recepionist", "appointment": "apointment", "appointments": "appointmets",
    "definitely": "definately", "excellent": "excelent", "really": "realy", "professional": "proffesional",
    "medication": "medicaton", "their": "thier", "helpful": "helpfull", "listened": "lisened", "because": "becuase",
    "wonderful": "wonderfull", "waiting": "waitng", "communication": "comunication", "different": "diffrent",
    "supportive": "suportive", "experience": "experiance", "thank you": "thankyou", "welcoming": "wellcoming",
}  # fmt: skip

# Cells that must stay inert wherever they are shown or run.
MISCHIEF = [
    '=HYPERLINK("https://example.com/win","Click here") staff were helpful', "+44 is not a formula but thank you", "@SUM(1+1) was kind",
    "Robert'); DROP TABLE comments;-- the nurses were lovely", "{{ ref('fct_comments') }} good service", "{% raw %} very good {% endraw %}",
    '<script>alert("hello")</script> kind staff', "${HOME} was clean and tidy", "-1 for the parking, otherwise great",
    'She said "you are doing well", which helped,\nand then she rang my mum', "Line one: friendly\r\nLine two: clean\r\nLine three: quick",
    "Commas, commas, and \"quotes\", all good", "NULL", "None of the tea was hot but the nurses were lovely", "שלום thank you all",
    "kind\u200b and help\u200bful staff", "\u202eyllaer doog\u202c was how I felt", "Tre\u0301s bien, merci \U0001f64f", "100%% good \\n \\t",
]  # fmt: skip

"""The breeds that clients choose from: a list for each species, which a clinic extends; free text is welcome too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from pets.models import Breed, Species

if TYPE_CHECKING:
    from clinics.models import Clinic

# The common ones of each species, by the names that breed registries use. They are names, so not translated.
BREEDS: dict[Species, tuple[str, ...]] = {
    Species.DOG: (
        "Akita", "Alaskan Malamute", "American Staffordshire Terrier", "Australian Cattle Dog", "Australian Shepherd",
        "Basset Hound", "Beagle", "Belgian Shepherd", "Bernese Mountain Dog", "Bichon Frise",
        "Border Collie", "Border Terrier", "Boston Terrier", "Boxer", "Bulldog", "Bullmastiff", "Cairn Terrier",
        "Cane Corso", "Cavalier King Charles Spaniel", "Cavapoo", "Chihuahua", "Chow Chow", "Cockapoo",
        "Cocker Spaniel", "Corgi", "Dachshund", "Dalmatian", "Dobermann", "English Springer Spaniel", "Fox Terrier",
        "French Bulldog", "German Pointer", "German Shepherd", "Golden Retriever", "Great Dane", "Greyhound",
        "Havanese", "Irish Setter", "Jack Russell Terrier", "Labradoodle", "Labrador Retriever", "Lhasa Apso",
        "Lurcher", "Maltese", "Mastiff", "Miniature Schnauzer", "Newfoundland", "Papillon", "Pekingese", "Pomeranian",
        "Poodle", "Pug",
        "Rhodesian Ridgeback", "Rottweiler", "Saint Bernard", "Samoyed", "Shetland Sheepdog", "Shiba Inu", "Shih Tzu",
        "Siberian Husky", "Staffordshire Bull Terrier", "Vizsla", "Weimaraner", "West Highland White Terrier",
        "Whippet", "Yorkshire Terrier",
    ),
    Species.CAT: (
        "Abyssinian", "Bengal", "Birman", "British Longhair", "British Shorthair", "Burmese", "Chartreux",
        "Cornish Rex", "Devon Rex", "Domestic longhair", "Domestic shorthair", "Egyptian Mau", "Exotic Shorthair",
        "Himalayan", "Maine Coon", "Manx", "Norwegian Forest Cat", "Ocicat", "Oriental Shorthair", "Persian", "Ragdoll",
        "Russian Blue", "Scottish Fold", "Siamese", "Siberian", "Snowshoe", "Somali", "Sphynx", "Tonkinese",
        "Turkish Angora", "Turkish Van",
    ),
    Species.RABBIT: (
        "Angora", "Californian", "Dutch", "English Spot", "Flemish Giant", "French Lop", "Harlequin", "Himalayan",
        "Holland Lop", "Lionhead", "Mini Lop", "Mini Rex", "Netherland Dwarf", "New Zealand", "Polish", "Rex",
    ),
    Species.GUINEA_PIG: ("Abyssinian", "American", "Peruvian", "Rex", "Sheltie", "Skinny Pig", "Teddy", "Texel"),
    Species.HAMSTER: ("Campbell’s dwarf", "Chinese", "Roborovski", "Syrian", "Winter white"),
    Species.BIRD: (
        "African grey", "Amazon parrot", "Budgerigar", "Canary", "Cockatiel", "Cockatoo", "Conure", "Lovebird", "Macaw",
        "Parrotlet", "Pigeon", "Zebra finch",
    ),
    Species.CHICKEN: ("Brahma", "Leghorn", "Orpington", "Pekin bantam", "Plymouth Rock", "Rhode Island Red", "Silkie"),
    Species.TORTOISE: ("Greek", "Hermann’s", "Horsfield’s", "Leopard", "Marginated", "Red-footed", "Sulcata"),
    Species.SNAKE: ("Ball python", "Boa constrictor", "Corn snake", "Garter snake", "King snake", "Milk snake"),
    Species.LIZARD: (
        "Bearded dragon", "Blue-tongued skink", "Chameleon", "Crested gecko", "Green iguana", "Leopard gecko",
    ),
    Species.FISH: ("Angelfish", "Betta", "Goldfish", "Guppy", "Koi", "Molly", "Tetra"),
    Species.HORSE: (
        "Andalusian", "Appaloosa", "Arabian", "Clydesdale", "Friesian", "Hanoverian", "Haflinger", "Irish Draught",
        "Morgan", "Mustang", "Paint", "Quarter Horse", "Shire", "Standardbred", "Tennessee Walker", "Thoroughbred",
        "Warmblood",
    ),
    Species.PONY: (
        "Connemara", "Dartmoor", "Exmoor", "Fell", "Highland", "New Forest", "Shetland", "Welsh", "Welsh Section A",
    ),
    Species.GOAT: ("Alpine", "Boer", "Nubian", "Pygmy", "Saanen", "Toggenburg"),
    Species.SHEEP: ("Jacob", "Merino", "Shetland", "Suffolk", "Texel"),
    Species.PIG: ("Göttingen minipig", "Kunekune", "Large White", "Vietnamese pot-bellied"),
}  # fmt: skip


def names_for(species: str, *, clinic: Clinic) -> list[str]:
    """What a client chooses from, in the alphabet's order; “Mixed breed” and “Unknown” are always the last."""
    own = Breed.objects.for_clinic(clinic).filter(species=species).values_list("name", flat=True)
    usual = BREEDS.get(Species(species), ()) if species in Species.values else ()
    # Written twice, in other letters, it is the same breed: as the clinic writes it.
    once = {name.casefold(): name for name in (*usual, *own)}
    for name in everywhere():
        once.pop(name.casefold(), None)
    return [*sorted(once.values(), key=str.casefold), *everywhere()]


def everywhere() -> list[str]:
    """What may be said of every species."""
    return [_("Mixed breed"), _("Unknown")]


def is_stray(breed: str, species: str, *, clinic: Clinic) -> bool:
    """Is this another species' breed and not this one's? Free text that no list has fits everywhere."""
    name = breed.strip().casefold()
    if not name or name in {one.casefold() for one in everywhere()}:
        return False
    listed = {kind for kind, names in BREEDS.items() if name in (one.casefold() for one in names)}
    added = Breed.objects.for_clinic(clinic).filter(name__iexact=breed.strip()).values_list("species", flat=True)
    homes = {*listed, *added}
    return bool(homes) and species not in homes

import { countryCodeOf } from './vocabulary.js';

/*
 * For providers that name the countries of cards instead of giving codes: the names of ISO 3166-1 and the common ones of the
 * Unicode CLDR, in lower case without signs. Apart from the other words, so that only who needs them carries them.
 */
const named = [
  'AD=andorra|AE=united arab emirates|AF=afghanistan|AG=antigua and barbuda|AI=anguilla|AL=albania|AM=armenia',
  'AO=angola|AQ=antarctica|AR=argentina|AS=american samoa|AT=austria|AU=australia|AW=aruba|AX=aland islands',
  'AZ=azerbaijan|BA=bosnia and herzegovina|BB=barbados|BD=bangladesh|BE=belgium|BF=burkina faso|BG=bulgaria',
  'BH=bahrain|BI=burundi|BJ=benin|BL=st barthelemy,saint barthelemy|BM=bermuda|BN=brunei,brunei darussalam',
  'BO=bolivia,bolivia plurinational state of|BQ=caribbean netherlands,bonaire sint eustatius and saba|BR=brazil',
  'BS=bahamas,the bahamas|BT=bhutan|BV=bouvet island|BW=botswana|BY=belarus|BZ=belize|CA=canada',
  'CC=cocos keeling islands|CD=congo kinshasa,congo democratic republic of the,democratic republic of the congo',
  'CF=central african republic|CG=congo brazzaville,congo|CH=switzerland|CI=cote divoire,ivory coast',
  'CK=cook islands|CL=chile|CM=cameroon|CN=china|CO=colombia|CR=costa rica|CU=cuba|CV=cape verde,cabo verde',
  'CW=curacao|CX=christmas island|CY=cyprus|CZ=czechia,czech republic|DE=germany|DJ=djibouti|DK=denmark',
  'DM=dominica|DO=dominican republic|DZ=algeria|EC=ecuador|EE=estonia|EG=egypt|EH=western sahara|ER=eritrea',
  'ES=spain|ET=ethiopia|FI=finland|FJ=fiji|FK=falkland islands,falkland islands malvinas',
  'FM=micronesia,micronesia federated states of|FO=faroe islands|FR=france|GA=gabon',
  'GB=united kingdom,united kingdom of great britain and northern ireland,great britain|GD=grenada|GE=georgia',
  'GF=french guiana|GG=guernsey|GH=ghana|GI=gibraltar|GL=greenland|GM=gambia,the gambia|GN=guinea|GP=guadeloupe',
  'GQ=equatorial guinea|GR=greece',
  'GS=south georgia and south sandwich islands,south georgia and the south sandwich islands|GT=guatemala',
  'GU=guam|GW=guinea bissau|GY=guyana|HK=hong kong sar china,hong kong',
  'HM=heard and mcdonald islands,heard island and mcdonald islands|HN=honduras|HR=croatia|HT=haiti|HU=hungary',
  'ID=indonesia|IE=ireland|IL=israel|IM=isle of man|IN=india|IO=british indian ocean territory|IQ=iraq',
  'IR=iran,iran islamic republic of|IS=iceland|IT=italy|JE=jersey|JM=jamaica|JO=jordan|JP=japan|KE=kenya',
  'KG=kyrgyzstan|KH=cambodia|KI=kiribati|KM=comoros|KN=st kitts and nevis,saint kitts and nevis',
  'KP=north korea,korea democratic peoples republic of|KR=south korea,korea republic of,republic of korea',
  'KW=kuwait|KY=cayman islands|KZ=kazakhstan|LA=laos,lao peoples democratic republic|LB=lebanon',
  'LC=st lucia,saint lucia|LI=liechtenstein|LK=sri lanka|LR=liberia|LS=lesotho|LT=lithuania|LU=luxembourg',
  'LV=latvia|LY=libya|MA=morocco|MC=monaco|MD=moldova,moldova republic of|ME=montenegro',
  'MF=st martin,saint martin french part|MG=madagascar|MH=marshall islands|MK=north macedonia,macedonia|ML=mali',
  'MM=myanmar burma,myanmar,burma|MN=mongolia|MO=macao sar china,macao,macau|MP=northern mariana islands',
  'MQ=martinique|MR=mauritania|MS=montserrat|MT=malta|MU=mauritius|MV=maldives|MW=malawi|MX=mexico|MY=malaysia',
  'MZ=mozambique|NA=namibia|NC=new caledonia|NE=niger|NF=norfolk island|NG=nigeria|NI=nicaragua',
  'NL=netherlands,the netherlands|NO=norway|NP=nepal|NR=nauru|NU=niue|NZ=new zealand|OM=oman|PA=panama|PE=peru',
  'PF=french polynesia|PG=papua new guinea|PH=philippines,the philippines|PK=pakistan|PL=poland',
  'PM=st pierre and miquelon,saint pierre and miquelon|PN=pitcairn islands,pitcairn|PR=puerto rico',
  'PS=palestinian territories,palestine state of|PT=portugal|PW=palau|PY=paraguay|QA=qatar|RE=reunion',
  'RO=romania|RS=serbia|RU=russia,russian federation|RW=rwanda|SA=saudi arabia|SB=solomon islands|SC=seychelles',
  'SD=sudan|SE=sweden|SG=singapore|SH=st helena,saint helena ascension and tristan da cunha|SI=slovenia',
  'SJ=svalbard and jan mayen|SK=slovakia|SL=sierra leone|SM=san marino|SN=senegal|SO=somalia|SR=suriname',
  'SS=south sudan|ST=sao tome and principe|SV=el salvador|SX=sint maarten,sint maarten dutch part',
  'SY=syria,syrian arab republic|SZ=eswatini,swaziland|TC=turks and caicos islands|TD=chad',
  'TF=french southern territories|TG=togo|TH=thailand|TJ=tajikistan|TK=tokelau|TL=timor leste|TM=turkmenistan',
  'TN=tunisia|TO=tonga|TR=turkiye,turkey|TT=trinidad and tobago|TV=tuvalu|TW=taiwan,taiwan province of china',
  'TZ=tanzania,tanzania united republic of|UA=ukraine|UG=uganda',
  'UM=us outlying islands,united states minor outlying islands|US=united states,united states of america,usa',
  'UY=uruguay|UZ=uzbekistan|VA=vatican city,holy see',
  'VC=st vincent and grenadines,saint vincent and the grenadines|VE=venezuela,venezuela bolivarian republic of',
  'VG=british virgin islands,virgin islands british|VI=us virgin islands,virgin islands us|VN=vietnam,viet nam',
  'VU=vanuatu|WF=wallis and futuna|WS=samoa|YE=yemen|YT=mayotte|ZA=south africa|ZM=zambia|ZW=zimbabwe',
].join('|');

const longestName = 80;

const codes: ReadonlyMap<string, string> = new Map(
  named.split('|').flatMap((entry) => {
    const [code = '', names = ''] = entry.split('=');
    return names.split(',').map((name): [string, string] => [name, code]);
  }),
);

const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('&', 'and')
    .replace(/[’'.]/g, '')
    .replace(/[^a-z]+/g, ' ')
    .trim();

/** A country as its ISO 3166-1 alpha-2 code, from a code or an English name; null for what is neither. */
export const countryOfName = (word: string | null | undefined): string | null => {
  if (word === null || word === undefined || word.length > longestName) return null;
  return countryCodeOf(word) ?? codes.get(plain(word)) ?? null;
};

/** Codes of places that ISO 3166-1 names no country, and that addresses have: Ascension, Tristan da Cunha, Kosovo. */
const reserved = ['AC', 'TA', 'XK'];

const known: ReadonlySet<unknown> = new Set([...codes.values(), ...reserved]);

/** Whether an address can have this country: an upper-case code of ISO 3166-1 alpha-2, or one of the few beside it. */
export const isCountryCode = (word: unknown): boolean => known.has(word);

/** What is wrong with a word that is no such code. It never repeats the word. */
export const wrongCountry = (word: unknown): string => {
  const meant = typeof word === 'string' ? countryOfName(word) : null;
  return `must be an upper-case ISO 3166-1 code${isCountryCode(meant) ? `; did you mean ${meant}?` : ''}`;
};

package winpath

// marks lists the characters that join a letter before them to one character, with their
// canonical combining class, and the letters that they join: each letter is followed by
// what becomes of it (Unicode Character Database 14.0, UnicodeData.txt and
// CompositionExclusions.txt). Hangul is computed.
func marks() []mark {
	return []mark{
		{'\u0300', 230, "AÀEÈIÌOÒUÙaàeèiìoòuùÜǛüǜNǸnǹЕЀИЍеѐиѝĒḔēḕŌṐōṑWẀwẁÂẦâầĂẰăằÊỀêềÔỒôồƠỜơờƯỪưừYỲyỳἀἂἁἃἈἊἉἋἐἒἑἓἘἚἙἛἠἢἡἣἨἪἩἫἰἲἱἳἸἺἹἻὀὂὁὃὈὊὉὋὐὒὑὓὙὛὠὢὡὣὨὪὩὫαὰεὲηὴιὶοὸυὺωὼΑᾺΕῈΗῊ\u1fbf\u1fcdϊῒΙῚ\u1ffe\u1fddϋῢΥῪ\u00a8\u1fedΟῸΩῺ"},
		{'\u0301', 230, "AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzźÜǗüǘGǴgǵÅǺåǻÆǼæǽØǾøǿ\u00a8\u0385ΑΆΕΈΗΉΙΊΟΌΥΎΩΏϊΐαάεέηήιίϋΰοόυύωώϒϓГЃКЌгѓкќÇḈçḉĒḖēḗÏḮïḯKḰkḱMḾmḿÕṌõṍŌṒōṓPṔpṕŨṸũṹWẂwẃÂẤâấĂẮăắÊẾêếÔỐôốƠỚơớƯỨưứἀἄἁἅἈἌἉἍἐἔἑἕἘἜἙἝἠἤἡἥἨἬἩἭἰἴἱἵἸἼἹἽὀὄὁὅὈὌὉὍὐὔὑὕὙὝὠὤὡὥὨὬὩὭ\u1fbf\u1fce\u1ffe\u1fde"},
		{'\u0302', 230, "AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷZẐzẑẠẬạậẸỆẹệỌỘọộ"},
		{'\u0303', 230, "AÃNÑOÕaãnñoõIĨiĩUŨuũVṼvṽÂẪâẫĂẴăẵEẼeẽÊỄêễÔỖôỗƠỠơỡƯỮưữYỸyỹ"},
		{'\u0304', 230, "AĀaāEĒeēIĪiīOŌoōUŪuūÜǕüǖÄǞäǟȦǠȧǡÆǢæǣǪǬǫǭÖȪöȫÕȬõȭȮȰȯȱYȲyȳИӢиӣУӮуӯGḠgḡḶḸḷḹṚṜṛṝαᾱΑᾹιῑΙῙυῡΥῩ"},
		{'\u0306', 230, "AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭУЎИЙийуўЖӁжӂАӐаӑЕӖеӗȨḜȩḝẠẶạặαᾰΑᾸιῐΙῘυῠΥῨ"},
		{'\u0307', 230, "CĊcċEĖeėGĠgġIİZŻzżAȦaȧOȮoȯBḂbḃDḊdḋFḞfḟHḢhḣMṀmṁNṄnṅPṖpṗRṘrṙSṠsṡŚṤśṥŠṦšṧṢṨṣṩTṪtṫWẆwẇXẊxẋYẎyẏſẛ"},
		{'\u0308', 230, "AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸΙΪΥΫιϊυϋϒϔЕЁІЇеёіїАӒаӓӘӚәӛЖӜжӝЗӞзӟИӤиӥОӦоӧӨӪөӫЭӬэӭУӰуӱЧӴчӵЫӸыӹHḦhḧÕṎõṏŪṺūṻWẄwẅXẌxẍtẗ"},
		{'\u0309', 230, "AẢaảÂẨâẩĂẲăẳEẺeẻÊỂêểIỈiỉOỎoỏÔỔôổƠỞơởUỦuủƯỬưửYỶyỷ"},
		{'\u030a', 230, "AÅaåUŮuůwẘyẙ"},
		{'\u030b', 230, "OŐoőUŰuűУӲуӳ"},
		{'\u030c', 230, "CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzžAǍaǎIǏiǐOǑoǒUǓuǔÜǙüǚGǦgǧKǨkǩƷǮʒǯjǰHȞhȟ"},
		{'\u030f', 230, "AȀaȁEȄeȅIȈiȉOȌoȍRȐrȑUȔuȕѴѶѵѷ"},
		{'\u0311', 230, "AȂaȃEȆeȇIȊiȋOȎoȏRȒrȓUȖuȗ"},
		{'\u0313', 230, "αἀΑἈεἐΕἘηἠΗἨιἰΙἸοὀΟὈυὐωὠΩὨρῤ"},
		{'\u0314', 230, "αἁΑἉεἑΕἙηἡΗἩιἱΙἹοὁΟὉυὑΥὙωὡΩὩρῥΡῬ"},
		{'\u031b', 216, "OƠoơUƯuư"},
		{'\u0323', 220, "BḄbḅDḌdḍHḤhḥKḲkḳLḶlḷMṂmṃNṆnṇRṚrṛSṢsṣTṬtṭVṾvṿWẈwẉZẒzẓAẠaạEẸeẹIỊiịOỌoọƠỢơợUỤuụƯỰưựYỴyỵ"},
		{'\u0324', 220, "UṲuṳ"},
		{'\u0325', 220, "AḀaḁ"},
		{'\u0326', 220, "SȘsșTȚtț"},
		{'\u0327', 202, "CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţEȨeȩDḐdḑHḨhḩ"},
		{'\u0328', 202, "AĄaąEĘeęIĮiįUŲuųOǪoǫ"},
		{'\u032d', 220, "DḒdḓEḘeḙLḼlḽNṊnṋTṰtṱUṶuṷ"},
		{'\u032e', 220, "HḪhḫ"},
		{'\u0330', 220, "EḚeḛIḬiḭUṴuṵ"},
		{'\u0331', 220, "BḆbḇDḎdḏKḴkḵLḺlḻNṈnṉRṞrṟTṮtṯZẔzẕhẖ"},
		{'\u0338', 1, "\u2190\u219a\u2192\u219b\u2194\u21ae\u21d0\u21cd\u21d4\u21ce\u21d2\u21cf\u2203\u2204\u2208\u2209\u220b\u220c\u2223\u2224\u2225\u2226\u223c\u2241\u2243\u2244\u2245\u2247\u2248\u2249=\u2260\u2261\u2262\u224d\u226d<\u226e>\u226f\u2264\u2270\u2265\u2271\u2272\u2274\u2273\u2275\u2276\u2278\u2277\u2279\u227a\u2280\u227b\u2281\u2282\u2284\u2283\u2285\u2286\u2288\u2287\u2289\u22a2\u22ac\u22a8\u22ad\u22a9\u22ae\u22ab\u22af\u227c\u22e0\u227d\u22e1\u2291\u22e2\u2292\u22e3\u22b2\u22ea\u22b3\u22eb\u22b4\u22ec\u22b5\u22ed"},
		{'\u0342', 230, "ἀἆἁἇἈἎἉἏἠἦἡἧἨἮἩἯἰἶἱἷἸἾἹἿὐὖὑὗὙὟὠὦὡὧὨὮὩὯαᾶ\u00a8\u1fc1ηῆ\u1fbf\u1fcfιῖϊῗ\u1ffe\u1fdfυῦϋῧωῶ"},
		{'\u0345', 240, "ἀᾀἁᾁἂᾂἃᾃἄᾄἅᾅἆᾆἇᾇἈᾈἉᾉἊᾊἋᾋἌᾌἍᾍἎᾎἏᾏἠᾐἡᾑἢᾒἣᾓἤᾔἥᾕἦᾖἧᾗἨᾘἩᾙἪᾚἫᾛἬᾜἭᾝἮᾞἯᾟὠᾠὡᾡὢᾢὣᾣὤᾤὥᾥὦᾦὧᾧὨᾨὩᾩὪᾪὫᾫὬᾬὭᾭὮᾮὯᾯὰᾲαᾳάᾴᾶᾷΑᾼὴῂηῃήῄῆῇΗῌὼῲωῳώῴῶῷΩῼ"},
		{'\u0653', 230, "\u0627\u0622"},
		{'\u0654', 230, "\u0627\u0623\u0648\u0624\u064a\u0626\u06d5\u06c0\u06c1\u06c2\u06d2\u06d3"},
		{'\u0655', 220, "\u0627\u0625"},
		{'\u093c', 7, "\u0928\u0929\u0930\u0931\u0933\u0934"},
		{'\u09be', 0, "\u09c7\u09cb"},
		{'\u09d7', 0, "\u09c7\u09cc"},
		{'\u0b3e', 0, "\u0b47\u0b4b"},
		{'\u0b56', 0, "\u0b47\u0b48"},
		{'\u0b57', 0, "\u0b47\u0b4c"},
		{'\u0bbe', 0, "\u0bc6\u0bca\u0bc7\u0bcb"},
		{'\u0bd7', 0, "\u0b92\u0b94\u0bc6\u0bcc"},
		{'\u0c56', 91, "\u0c46\u0c48"},
		{'\u0cc2', 0, "\u0cc6\u0cca"},
		{'\u0cd5', 0, "\u0cbf\u0cc0\u0cc6\u0cc7\u0cca\u0ccb"},
		{'\u0cd6', 0, "\u0cc6\u0cc8"},
		{'\u0d3e', 0, "\u0d46\u0d4a\u0d47\u0d4b"},
		{'\u0d57', 0, "\u0d46\u0d4c"},
		{'\u0dca', 9, "\u0dd9\u0dda\u0ddc\u0ddd"},
		{'\u0dcf', 0, "\u0dd9\u0ddc"},
		{'\u0ddf', 0, "\u0dd9\u0dde"},
		{'\u102e', 0, "\u1025\u1026"},
		{'\u1b35', 0, "\u1b05\u1b06\u1b07\u1b08\u1b09\u1b0a\u1b0b\u1b0c\u1b0d\u1b0e\u1b11\u1b12\u1b3a\u1b3b\u1b3c\u1b3d\u1b3e\u1b40\u1b3f\u1b41\u1b42\u1b43"},
		{'\u3099', 8, "\u304b\u304c\u304d\u304e\u304f\u3050\u3051\u3052\u3053\u3054\u3055\u3056\u3057\u3058\u3059\u305a\u305b\u305c\u305d\u305e\u305f\u3060\u3061\u3062\u3064\u3065\u3066\u3067\u3068\u3069\u306f\u3070\u3072\u3073\u3075\u3076\u3078\u3079\u307b\u307c\u3046\u3094\u309d\u309e\u30ab\u30ac\u30ad\u30ae\u30af\u30b0\u30b1\u30b2\u30b3\u30b4\u30b5\u30b6\u30b7\u30b8\u30b9\u30ba\u30bb\u30bc\u30bd\u30be\u30bf\u30c0\u30c1\u30c2\u30c4\u30c5\u30c6\u30c7\u30c8\u30c9\u30cf\u30d0\u30d2\u30d3\u30d5\u30d6\u30d8\u30d9\u30db\u30dc\u30a6\u30f4\u30ef\u30f7\u30f0\u30f8\u30f1\u30f9\u30f2\u30fa\u30fd\u30fe"},
		{'\u309a', 8, "\u306f\u3071\u3072\u3074\u3075\u3077\u3078\u307a\u307b\u307d\u30cf\u30d1\u30d2\u30d4\u30d5\u30d7\u30d8\u30da\u30db\u30dd"},
		{'\U000110ba', 7, "\U00011099\U0001109a\U0001109b\U0001109c\U000110a5\U000110ab"},
		{'\U00011127', 0, "\U00011131\U0001112e\U00011132\U0001112f"},
		{'\U0001133e', 0, "\U00011347\U0001134b"},
		{'\U00011357', 0, "\U00011347\U0001134c"},
		{'\U000114b0', 0, "\U000114b9\U000114bc"},
		{'\U000114ba', 0, "\U000114b9\U000114bb"},
		{'\U000114bd', 0, "\U000114b9\U000114be"},
		{'\U000115af', 0, "\U000115b8\U000115ba\U000115b9\U000115bb"},
		{'\U00011930', 0, "\U00011935\U00011938"},
	}
}

// alwaysApart lists characters that the composed form does not have, each with what
// stands for it; those of CJK compatibility ideographs are left out.
func alwaysApart() string {
	return "\u0340\u0300 \u0341\u0301 \u0343\u0313 \u0344\u0308\u0301 \u0374\u02b9 \u037e; \u0387\u00b7 " +
		"\u0958\u0915\u093c \u0959\u0916\u093c \u095a\u0917\u093c \u095b\u091c\u093c \u095c\u0921\u093c " +
		"\u095d\u0922\u093c \u095e\u092b\u093c \u095f\u092f\u093c \u09dc\u09a1\u09bc \u09dd\u09a2\u09bc " +
		"\u09df\u09af\u09bc \u0a33\u0a32\u0a3c \u0a36\u0a38\u0a3c \u0a59\u0a16\u0a3c \u0a5a\u0a17\u0a3c " +
		"\u0a5b\u0a1c\u0a3c \u0a5e\u0a2b\u0a3c \u0b5c\u0b21\u0b3c \u0b5d\u0b22\u0b3c \u0f43\u0f42\u0fb7 " +
		"\u0f4d\u0f4c\u0fb7 \u0f52\u0f51\u0fb7 \u0f57\u0f56\u0fb7 \u0f5c\u0f5b\u0fb7 \u0f69\u0f40\u0fb5 " +
		"\u0f73\u0f71\u0f72 \u0f75\u0f71\u0f74 \u0f76\u0fb2\u0f80 \u0f78\u0fb3\u0f80 \u0f81\u0f71\u0f80 " +
		"\u0f93\u0f92\u0fb7 \u0f9d\u0f9c\u0fb7 \u0fa2\u0fa1\u0fb7 \u0fa7\u0fa6\u0fb7 \u0fac\u0fab\u0fb7 " +
		"\u0fb9\u0f90\u0fb5 \u1f71\u03b1\u0301 \u1f73\u03b5\u0301 \u1f75\u03b7\u0301 \u1f77\u03b9\u0301 " +
		"\u1f79\u03bf\u0301 \u1f7b\u03c5\u0301 \u1f7d\u03c9\u0301 \u1fbb\u0391\u0301 \u1fbe\u03b9 " +
		"\u1fc9\u0395\u0301 \u1fcb\u0397\u0301 \u1fd3\u03b9\u0308\u0301 \u1fdb\u0399\u0301 " +
		"\u1fe3\u03c5\u0308\u0301 \u1feb\u03a5\u0301 \u1fee\u00a8\u0301 \u1fef` \u1ff9\u039f\u0301 " +
		"\u1ffb\u03a9\u0301 \u1ffd\u00b4 \u2000\u2002 \u2001\u2003 \u2126\u03a9 \u212aK \u212bA\u030a " +
		"\u2329\u3008 \u232a\u3009 \u2adc\u2add\u0338 "
}

"""The words around a number that say what it is: an order, a postcode, a price, a telephone."""

from collections.abc import Mapping

ORDER = "order_number"
POSTAL = "postal_code"
TRACKING = "tracking_number"
CASE = "case_number"
OTHER = "other"  # a number that is none of ours: money, telephone, document, address, size

_BEFORE: dict[str, str] = {
    ORDER: (
        "pedido pedidos orden ordenes compra compras order ped ord encargo "
        "pedio pdido pedid peddo peidod pedidio peidodo oedido pedidoo orde ordn horden ordem odren copra conpra"
    ),
    POSTAL: "cp c.p c.p. postal zip codpostal cpostal postcode zipcode post cod_postal vivo vivimos resido distrito zona barrio comuna sector localidad provincia "
    "ciudad municipio colonia domicilio direccion",
    TRACKING: (
        "ot guia guias tracking seguimiento rastreo rastrear trackear localizador albaran seur correos "
        "dhl fedex ups gls mrw estafeta servientrega coordinadora andreani oca chilexpress starken "
        "olva bluexpress blueexpress express urbano tnt amazon correosexpress nacex paquetexpress redpack interrapidisimo envia shalom"
    ),
    CASE: "folio folios caso expediente incidencia reclamo reclamacion queja radicado pqr pqrs",
    OTHER: (
        "ley lote placa patente matricula cc ci folleto "
        "$ € £ s/ usd eur pesos euros soles precio pague cuesta costo valor total importe saldo "
        "telefono tel tlf telf celular cel celu movil whatsapp wasap fono llamar llamame llamenme "
        "llamen marcar marquen dni nif nie cif nit rut ruc rfc curp cuit cuil cedula pasaporte documento "
        "boleta factura tarjeta cuenta iban clabe cbu cvv terminada termina terminado termino "
        "ultimos ultimas calle avenida av avda jr jiron carrera cra cll carretera pasaje piso depto "
        "departamento altura interior modelo talla talle numero_de_serie serie imei ano anos cupon "
        "codigo_de_descuento pin clave sms otp"
    ),
}
_AFTER: dict[str, str] = {
    POSTAL: "postal cp c.p codpostal zip postcode",
    OTHER: (
        "$ € % pesos peso euros euro eur soles dolares dolar usd mxn clp cop ars bolivianos lucas mil "
        "millones gb tb mb kg kilos g gr gramos cm mm m mts metros ml l litros lt w watts v voltios hz "
        "mah btu rpm pulgadas dias dia horas hora hrs hs minutos min segundos anos semanas meses veces "
        "unidades piezas personas seguidores puntos hojas paginas grados km mensajes correos "
        "tornillos cajas paquetes pares"
    ),
}
BEFORE: Mapping[str, str] = {w: kind for kind, words in _BEFORE.items() for w in words.split()}
AFTER: Mapping[str, str] = {w: kind for kind, words in _AFTER.items() for w in words.split()}

# Words that carry the kind of one number over to the next ("los pedidos 100045 y 100046").
LINKS = frozenset({"y", "e", "o", "u", "ni", "el"})

# Words that may stand between the telling word and the number without telling anything.
FILLERS = frozenset(
    "numero numeros num nro no n nº n° es son el la los las lo mi mis tu su de del con este esta ese "
    "esa seria codigo cod id ref referencia nr fue era que al a y o e en compra cliente decir perdon".split()
)
# Whose number is a house; a number after the house and a comma is a postcode.
ADDRESSES = frozenset(
    "calle avenida av avda jr jiron carrera cra cll carretera pasaje piso depto departamento".split()
)
# What begins an address line; "col. Narvarte 03020" needs no house before the postcode.
NEIGHBOURHOODS = frozenset({"col", "colonia"})
STREETS = (
    ADDRESSES
    | NEIGHBOURHOODS
    | frozenset("plaza plz paseo ronda camino travesia bulevar blvd boulevard".split())
)
# The number after these is a door; "no" is how "nº" is folded.
DOORS = frozenset(
    "piso puerta pta portal depto dpto departamento apto apartamento int interior torre bloque "
    "escalera esc planta edificio oficina local casa lote mz manzana altura km no n nro num numero".split()
)
# What ends an address once its house is named: "calle Luna 14 y pedí el 778812".
AFTER_AN_ADDRESS = frozenset("y desde que pedi compre porque pero".split())
# A number right after these is spoken of, not part of an address line.
SPOKEN_OF = frozenset({"el", "es"})
# A message with one of these is about an address, and "the code" in it is the postcode.
ABOUT_AN_ADDRESS = STREETS | frozenset(
    "direccion direcciones domicilio mude mudado mudada mudamos mudanza mudo vivo vivimos".split()
)
# Words that may stand between a number and the place after it ("110231 zona suba").
PLACE_WORDS = frozenset("zona barrio distrito comuna localidad sector provincia".split())
# Telephones that everybody may call.
TOLL_FREE = frozenset({"0800", "0810", "0900", "0801"})
# "cancelá el 4410": what is called off is an order.
CALLED_OFF = ("cancel", "anul")
# "desde 2019", "la compra de 2024": a year.
BEFORE_A_YEAR = frozenset("desde en de del año ano hasta".split())
# Written with a full stop that ends no sentence.
ABBREVIATIONS = frozenset(
    "c.p cp cod post col nro num no n ref tel av avda jr cra ped izq dcha apto dpto depto int urb".split()
)
# Said when the number before was a slip, and what may stand beside it.
CORRECTIONS = frozenset(
    "perdon perdona perdone disculpa digo decir dicho miento equivoque equivoco equivocado "
    "equivocada equivocacion liado liada lie confundi confundido confundida corrijo rectifico ver".split()
)
BESIDE_A_CORRECTION = (FILLERS | CORRECTIONS) - {"y", "e", "o"} | frozenset(
    "me he ay uy uf ups espera espere mejor quise queria sino si bueno".split()
)
# Words that name nothing but a case number, wherever they stand before it.
FOLIO_WORDS = frozenset({"folio", "folios", "caso", "expediente", "incidencia", "radicado"})
NUMBER_WORDS = frozenset("numero numeros num nro codigo ref referencia".split())
NUMBER_SIGNS = frozenset("nº n° nro num numero no n".split())
# "… en el 28013 de Madrid", "28013 Madrid"; after a name it is the number of a house.
BEFORE_A_POSTCODE = FILLERS | frozenset(("", "en", "desde", "hasta", "para", "por", "soy", "aqui"))
# A bare number after these is a price, a quantity or a time.
NOT_BEFORE_AN_ORDER = frozenset("por en hace unos unas a casi mas menos entre".split())

# Two letters of a country before a number are a part of it ("MX 558213"); "es" is also a verb.
COUNTRY_PREFIXES = frozenset("mx co pe ar cl uy ec ve bo cr gt sv hn ni pa do pr us".split()) - {
    "co",
    "ve",
    "do",
    "ni",
}
# Short words that stand before numbers and are no part of them.
NOT_A_PREFIX = frozenset(
    "a e i o u y el la lo de en es al un mi tu su me te se le no si ya va ve vi ha he di da cp nr n "
    "num nro id av cra cl gb tb kg cm mm ml mg hz rs ps los las del con por que son fue uno dos una "
    "iva dni nif rut ruc tel cel cvv imei hay mas tal ese esa esta era hs am pm".split()
)
# "lo mandan al 28013", "vivo en la 110111": where something goes is a postcode.
TOWARDS = frozenset("a al en hacia hasta para".split())
DELIVERY_STEMS = (
    "envi", "mand", "entreg", "lleg", "despach", "viv", "mud", "direccion", "domicilio", "repart",
    "cambi", "estoy", "estamos", "va", "van", "vaya", "trae", "traig", "recib", "resid",
)  # fmt: skip
# Places whose name beside a number makes it a postcode ("28013 Madrid", "8320000, Santiago"),
# with how many digits a postcode has there: "778812, Madrid" is none.
_CITIES: tuple[tuple[str, tuple[int, ...], str], ...] = (
    (
        "Spain",
        (5,),
        (
            "madrid barcelona valencia sevilla zaragoza malaga murcia palma bilbao alicante "
            "cordoba valladolid vigo gijon granada coruña vitoria oviedo pamplona santander "
            "burgos salamanca albacete cadiz leon huelva jaen almeria toledo badajoz caceres "
            "logroño lleida girona tarragona castellon cartagena jerez elche getafe leganes "
            "mostoles alcala sabadell terrassa badalona hospitalet donostia lugo ourense "
            "pontevedra palencia zamora segovia avila soria cuenca guadalajara teruel huesca "
            "tenerife canarias mallorca ibiza menorca ceuta melilla chamberi vallecas fuenlabrada "
            "reus elda gandia torrevieja marbella ferrol irun sagunto alcorcon parla coslada "
            "mataro navarra asturias galicia cantabria "
            "bilbo gasteiz iruña bcn alacant castello eivissa xativa arrecife"
        ),
    ),
    (
        "Mexico",
        (5,),
        (
            "mexico cdmx df monterrey puebla tijuana merida queretaro toluca cancun veracruz "
            "aguascalientes hermosillo saltillo mexicali culiacan morelia oaxaca chihuahua "
            "durango xalapa tampico acapulco cuernavaca polanco roma coyoacan condesa zapopan "
            "ecatepec naucalpan leon irapuato celaya nayarit tepic pachuca tlaxcala colima "
            "mazatlan reynosa matamoros torreon jalisco sonora sinaloa tlalpan iztapalapa"
        ),
    ),
    (
        "Colombia",
        (6,),
        (
            "bogota medellin cali barranquilla bucaramanga pereira manizales cucuta ibague "
            "villavicencio pasto monteria neiva armenia popayan envigado bello soacha chapinero "
            "usaquen suba cartagena palmira tunja sincelejo riohacha valledupar itagui rionegro "
            "kennedy fontibon engativa teusaquillo poblado"
        ),
    ),
    (
        "Peru",
        (5,),
        (
            "lima arequipa trujillo cusco chiclayo piura iquitos huancayo tacna miraflores surco "
            "callao puno ica ayacucho tarapoto cajamarca huaraz chorrillos"
        ),
    ),
    (
        "Argentina",
        (4,),
        (
            "caba capital rosario mendoza tucuman salta neuquen palermo quilmes bariloche posadas "
            "corrientes jujuy resistencia avellaneda lanus moron tandil bahia belgrano caballito "
            "almagro plata cordoba formosa parana ushuaia rawson banfield pilar tigre moreno "
            "merlo lomas bsas"
        ),
    ),
    (
        "Chile",
        (7,),
        (
            "santiago valparaiso concepcion temuco antofagasta serena providencia ñuñoa maipu "
            "iquique talca rancagua valdivia osorno arica chillan viña florida condes curico "
            "puente calama copiapo concon vitacura"
        ),
    ),
    (
        "Uruguay",
        (5,),
        "montevideo salto paysandu rivera pocitos maldonado",
    ),
    (
        "Ecuador",
        (6,),
        "quito guayaquil ambato manta cuenca loja",
    ),
    (
        "Venezuela",
        (4,),
        "caracas maracaibo valencia",
    ),
    (
        "Paraguay",
        (4, 6),
        "asuncion encarnacion luque",
    ),
)
# Towns of two words, by those words; the first of them alone names none.
_TOWNS: tuple[tuple[tuple[int, ...], str], ...] = (
    (
        (4,),
        (
            "buenos_aires villa_maria villa_mercedes santa_fe santa_rosa rio_cuarto rio_gallegos "
            "comodoro_rivadavia mar_del general_roca vicente_lopez san_isidro san_juan san_luis "
            "san_salvador san_miguel san_rafael"
        ),
    ),
    (
        (7,),
        (
            "viña_del puerto_montt puerto_varas punta_arenas san_bernardo san_miguel san_antonio "
            "san_felipe los_angeles la_florida la_reina las_condes el_bosque lo_barnechea quinta_normal"
        ),
    ),
    ((6,), "santa_marta san_andres puerto_asis villa_maria san_gil"),
    (
        (5,),
        (
            "torrejon_de rivas_vaciamadrid arganda_del pozuelo_de boadilla_del aranda_de "
            "miranda_de medina_del santiago_de dos_hermanas el_ejido el_puerto la_linea la_laguna "
            "las_palmas las_rozas l_hospitalet roquetas_de vila_real tuxtla_gutierrez "
            "benito_juarez miguel_hidalgo alvaro_obregon gustavo_a ciudad_juarez ciudad_obregon "
            "playa_del puerto_vallarta la_paz los_mochis los_cabos jesus_maria pueblo_libre "
            "la_molina los_olivos la_victoria magdalena_del villa_el cerro_de"
        ),
    ),
)
TOWNS: Mapping[tuple[str, str], frozenset[int]] = {
    (pair.split("_")[0], pair.split("_")[1]): frozenset(
        length for lengths, places in _TOWNS if pair in places.split() for length in lengths
    )
    for _, pairs in _TOWNS
    for pair in pairs.split()
}
# "64000 San Pedro": saints give their names to towns everywhere.
SAINTS = frozenset({"san", "santa", "santo", "sant"})
SAINTLY_LENGTHS = frozenset({5, 7})
CITIES: Mapping[str, frozenset[int]] = {
    city: frozenset(
        length for _, lengths, places in _CITIES if city in places.split() for length in lengths
    )
    for _, _, cities in _CITIES
    for city in cities.split()
}

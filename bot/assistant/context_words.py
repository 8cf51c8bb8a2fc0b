"""The words around a number that say what it is: an order, a postcode, a price, a telephone."""

from collections.abc import Mapping

ORDER = "order_number"
POSTAL = "postal_code"
TRACKING = "tracking_number"
CASE = "case_number"
OTHER = "other"  # a number that is none of ours: money, telephone, document, address, size

_BEFORE: dict[str, str] = {
    ORDER: "pedido pedidos orden ordenes compra compras order pedio ped ord encargo",
    POSTAL: "cp c.p c.p. postal zip codpostal vivo vivimos resido distrito zona barrio comuna sector localidad provincia "
    "ciudad municipio colonia domicilio direccion",
    TRACKING: (
        "guia guias tracking seguimiento rastreo rastrear trackear localizador albaran seur correos "
        "dhl fedex ups gls mrw estafeta servientrega coordinadora andreani oca chilexpress starken "
        "olva correosexpress nacex paquetexpress redpack interrapidisimo envia shalom"
    ),
    CASE: "folio folios caso expediente incidencia reclamo reclamacion queja radicado",
    OTHER: (
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
    POSTAL: "postal cp",
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
# Written with a full stop that ends no sentence.
ABBREVIATIONS = frozenset("c.p cp nro num no n cod ref tel av ped".split())
# Words that name nothing but a case number, wherever they stand before it.
FOLIO_WORDS = frozenset({"folio", "folios", "caso", "expediente", "incidencia", "radicado"})
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
    "cambi", "va", "van", "vaya", "trae", "traig", "recib", "resid",
)  # fmt: skip
# Places whose name after a number makes it a postcode ("28013 Madrid", "8320000, Santiago").
CITIES = frozenset(
    "madrid barcelona valencia sevilla zaragoza malaga murcia palma bilbao alicante cordoba valladolid "
    "vigo gijon granada coruña vitoria oviedo pamplona santander burgos salamanca albacete cadiz leon "
    "huelva jaen almeria toledo badajoz caceres logroño lleida girona tarragona castellon cartagena "
    "jerez elche getafe leganes mostoles alcala sabadell terrassa badalona hospitalet donostia "
    "lugo ourense pontevedra palencia zamora segovia avila soria cuenca guadalajara teruel huesca "
    "tenerife canarias mallorca ibiza menorca ceuta melilla chamberi vallecas "
    "mexico cdmx df monterrey puebla tijuana merida queretaro toluca cancun veracruz aguascalientes "
    "hermosillo saltillo mexicali culiacan morelia oaxaca chihuahua durango xalapa tampico acapulco "
    "cuernavaca polanco roma coyoacan condesa zapopan ecatepec naucalpan "
    "bogota medellin cali barranquilla bucaramanga pereira manizales cucuta ibague "
    "villavicencio pasto monteria neiva armenia popayan envigado bello soacha chapinero usaquen suba "
    "lima arequipa trujillo cusco chiclayo piura iquitos huancayo tacna miraflores surco callao "
    "caba capital rosario mendoza tucuman salta neuquen palermo quilmes bariloche posadas corrientes "
    "jujuy resistencia avellaneda lanus moron tandil bahia belgrano caballito almagro plata "
    "santiago valparaiso concepcion temuco antofagasta serena providencia ñuñoa maipu iquique "
    "talca rancagua valdivia osorno arica chillan viña florida condes "
    "montevideo salto paysandu rivera pocitos quito guayaquil ambato manta caracas maracaibo "
    "asuncion".split()
)

package dev.turnout.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * An encrypted key in PKCS#8, by PBES2 of RFC 8018 6.2. It is opened by what the Java virtual machine has: an executable
 * takes no provider that was not known when it was built.
 */
final class EncryptedKey {

    private static final Map<ASN1ObjectIdentifier, String> DERIVATIONS = Map.of(
            PKCSObjectIdentifiers.id_hmacWithSHA1, "PBKDF2WithHmacSHA1",
            PKCSObjectIdentifiers.id_hmacWithSHA224, "PBKDF2WithHmacSHA224",
            PKCSObjectIdentifiers.id_hmacWithSHA256, "PBKDF2WithHmacSHA256",
            PKCSObjectIdentifiers.id_hmacWithSHA384, "PBKDF2WithHmacSHA384",
            PKCSObjectIdentifiers.id_hmacWithSHA512, "PBKDF2WithHmacSHA512");

    private static final Map<ASN1ObjectIdentifier, Encryption> ENCRYPTIONS = Map.of(
            NISTObjectIdentifiers.id_aes128_CBC, new Encryption("AES", 128),
            NISTObjectIdentifiers.id_aes192_CBC, new Encryption("AES", 192),
            NISTObjectIdentifiers.id_aes256_CBC, new Encryption("AES", 256),
            PKCSObjectIdentifiers.des_EDE3_CBC, new Encryption("DESede", 192));

    private final EncryptedPrivateKeyInfo info;

    /** A cipher in CBC mode, and the bits of its key. */
    private record Encryption(String cipher, int keyBits) {}

    EncryptedKey(EncryptedPrivateKeyInfo info) {
        this.info = info;
    }

    /**
     * Returns the key in plain.
     *
     * @throws GeneralSecurityException if the password is wrong, or the encryption is of another kind
     */
    PrivateKeyInfo open(char[] password) throws GeneralSecurityException, IOException {
        AlgorithmIdentifier scheme = info.getEncryptionAlgorithm();
        demand(PKCSObjectIdentifiers.id_PBES2, scheme.getAlgorithm());
        PBES2Parameters parameters = PBES2Parameters.getInstance(scheme.getParameters());
        EncryptionScheme encryption = parameters.getEncryptionScheme();
        Encryption known = known(ENCRYPTIONS, encryption.getAlgorithm());
        Cipher cipher = Cipher.getInstance(known.cipher() + "/CBC/PKCS5Padding");
        byte[] vector = ASN1OctetString.getInstance(encryption.getParameters()).getOctets();
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(derive(parameters.getKeyDerivationFunc(), known.keyBits(), password), known.cipher()),
                new IvParameterSpec(vector));
        return PrivateKeyInfo.getInstance(cipher.doFinal(info.getEncryptedData()));
    }

    private static byte[] derive(KeyDerivationFunc function, int bits, char[] password)
            throws GeneralSecurityException {
        demand(PKCSObjectIdentifiers.id_PBKDF2, function.getAlgorithm());
        PBKDF2Params parameters = PBKDF2Params.getInstance(function.getParameters());
        String derivation = known(DERIVATIONS, parameters.getPrf().getAlgorithm());
        PBEKeySpec spec = new PBEKeySpec(
                password, parameters.getSalt(), parameters.getIterationCount().intValueExact(), bits);
        return SecretKeyFactory.getInstance(derivation).generateSecret(spec).getEncoded();
    }

    private static void demand(ASN1ObjectIdentifier known, ASN1ObjectIdentifier given) throws NoSuchAlgorithmException {
        if (!known.equals(given)) {
            throw new NoSuchAlgorithmException(given.getId());
        }
    }

    private static <T> T known(Map<ASN1ObjectIdentifier, T> table, ASN1ObjectIdentifier given)
            throws NoSuchAlgorithmException {
        T known = table.get(given);
        if (known == null) {
            throw new NoSuchAlgorithmException(given.getId());
        }
        return known;
    }
}
